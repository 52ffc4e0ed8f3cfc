using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Says the one thing that helps where a parameter can't be given; the list of all that can be comes after it.</summary>
internal static class NotGivenHint
{
    private const string Keyed = "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute";

    /// <summary>Gives the end of a sentence, empty where nothing is sure, and the marker that mends it, if one does by itself.</summary>
    public static (string Text, Marker Fix) Of(ParseContext context, StageInfo stage, IParameterSymbol parameter, Marker marker, ParameterInfo? row)
    {
        if (Namesake(parameter) is { } namesake)
        {
            return ($"; its [{Bare(namesake.Name)}] is that of {namesake.ContainingNamespace.ToDisplayString()}, not of Milter", Marker.None);
        }

        if (parameter.Has(Keyed))
        {
            return ("; [FromKeyedServices] counts in the constructor, so take it there", Marker.None);
        }

        List<ParameterInfo> marked = marker != Marker.None ? [] : [.. ParameterInfo.All.Where(known => known.Marker is not (Marker.None or Marker.FromServices) && (known.Stages & stage.Stage) != 0 && ParameterBinder.Fits(known, parameter))];
        if (marked.Count > 0)
        {
            Marker fix = marked.Count == 1 && marked[0].Marker is Marker.Helo or Marker.ClientAddress ? marked[0].Marker : Marker.None;
            return ($"; mark it with {string.Join(" or ", marked.Select(known => known.ShownMarker().Trim()))}", fix);
        }

        if (row is not null)
        {
            return (row.Stages == Stages.None ? "" : $"; take it at {HandlerSymbols.Attributes(row.Stages)}", Marker.None);
        }

        if (context.Binders?.FirstOrDefault(binder => binder.Value == CSharpText.Key(parameter.Type)) is { } binder)
        {
            return ($"; take it at {HandlerSymbols.Attributes(binder.Stages)}", Marker.None);
        }

        return marker == Marker.None && IsService(parameter.Type) ? ("; if it is a service, mark it with [FromServices]", Marker.FromServices) : ("", Marker.None);
    }

    private static INamedTypeSymbol? Namesake(IParameterSymbol parameter) => parameter.GetAttributes()
        .Select(attribute => attribute.AttributeClass)
        .FirstOrDefault(type => type is { TypeKind: not TypeKind.Error } && Markers.All.Any(marker => marker.Attribute.EndsWith("." + type.Name, StringComparison.Ordinal) && !type.Is(marker.Attribute)));

    private static string Bare(string attribute) => attribute.Substring(0, attribute.Length - nameof(Attribute).Length);

    private static bool IsService(ITypeSymbol type) => type is { TypeKind: TypeKind.Interface or TypeKind.Class, SpecialType: SpecialType.None }
        && type.ContainingNamespace?.ToDisplayString() is not (RuntimeNames.Api or RuntimeNames.Wire or RuntimeNames.Contract);
}
