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
        foreach (AttributeData attribute in parameter.GetAttributes())
        {
            if (RuntimeSymbols.MarkerOf(attribute) is var marker and not Marker.None && !found.Exists(other => other.Marker == marker))
            {
                found.Add((marker, attribute));
            }
        }

        found.Sort((one, other) => one.Marker.CompareTo(other.Marker));
        return found;
    }
}
