using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>A method and one of its stage attributes.</summary>
/// <param name="Method">The method: of a virtual one the most derived override.</param>
/// <param name="Attribute">The attribute, which may stand at the method it overrides.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Depth">How far the class that first declares the method is from <see cref="object"/>.</param>
internal sealed record HandlerSite(IMethodSymbol Method, AttributeData Attribute, StageInfo Stage, int Depth)
{
    public static IEnumerable<HandlerSite> Find(ParseContext context)
    {
        var overridden = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (IMethodSymbol method in context.Lineage().SelectMany(type => type.GetMembers()).OfType<IMethodSymbol>())
        {
            if (overridden.Contains(method))
            {
                continue;
            }

            List<IMethodSymbol> line = [.. method.Line()];
            overridden.UnionWith(line.Skip(1));
            int depth = Depths(line[line.Count - 1].ContainingType);
            Dictionary<StageInfo, AttributeData> stages = [];
            foreach (AttributeData attribute in line.SelectMany(at => at.GetAttributes()))
            {
                // The nearest counts.
                if (RuntimeSymbols.StageOf(attribute) is { } stage && !stages.ContainsKey(stage))
                {
                    stages.Add(stage, attribute);
                }
            }

            foreach (KeyValuePair<StageInfo, AttributeData> stage in stages.OrderBy(stage => stage.Key.Stage))
            {
                yield return new HandlerSite(method, stage.Value, stage.Key, depth);
            }
        }
    }

    private static int Depths(INamedTypeSymbol type)
    {
        int depth = 0;
        for (INamedTypeSymbol? above = type.BaseType; above is not null; above = above.BaseType)
        {
            depth++;
        }

        return depth;
    }
}
