using System.Collections.Immutable;

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
}
