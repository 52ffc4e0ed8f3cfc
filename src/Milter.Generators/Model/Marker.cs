using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Model;

/// <summary>The attributes that say what a parameter is, where its type does not.</summary>
internal enum Marker
{
    None,
    Header,
    Macro,
    Helo,
    ClientAddress,
    FromServices,
}

/// <summary>The markers by their attributes.</summary>
internal static class Markers
{
    public static readonly ImmutableArray<(Marker Marker, string Attribute)> All = ImmutableArray.Create(
        (Marker.Header, "Milter.HeaderAttribute"),
        (Marker.Macro, "Milter.MacroAttribute"),
        (Marker.Helo, "Milter.HeloAttribute"),
        (Marker.ClientAddress, "Milter.ClientAddressAttribute"),
        (Marker.FromServices, "Milter.FromServicesAttribute"));

    /// <summary>Says whether an attribute says what a parameter is, be it the one of a method that its method overrides.</summary>
    public static bool IsMarked(IParameterSymbol parameter) => All.Any(marker => parameter.InheritedAttribute(marker.Attribute) is not null);
}
