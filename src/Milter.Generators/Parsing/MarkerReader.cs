using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>Reads which markers a parameter has: its own, or where it has none those of the method that its method overrides.</summary>
internal static class MarkerReader
{
    public static IReadOnlyList<(Marker Marker, AttributeData Attribute)> Of(IParameterSymbol parameter) => parameter.Line()
        .Select(OfOne)
        .FirstOrDefault(found => found.Count > 0) ?? [];

    private static List<(Marker Marker, AttributeData Attribute)> OfOne(IParameterSymbol parameter)
    {
        List<(Marker Marker, AttributeData Attribute)> found = [];
        foreach ((Marker marker, string name) in Markers.All)
        {
            if (parameter.Attribute(name) is { } attribute)
            {
                found.Add((marker, attribute));
            }
        }

        return found;
    }
}
