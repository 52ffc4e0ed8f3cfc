using Microsoft.CodeAnalysis;

namespace Milter.Generators.Parsing;

/// <summary>Names generated files after their class, each name once however the names of classes differ.</summary>
internal static class HintNames
{
    public static string Of(INamedTypeSymbol type) => Part(type) + ".g.cs";

    private static string Part(ISymbol symbol)
    {
        string name = symbol.Name + Suffix((INamespaceOrTypeSymbol)symbol);
        return symbol.ContainingSymbol switch
        {
            INamedTypeSymbol outer => $"{Part(outer)}+{name}",
            INamespaceSymbol { IsGlobalNamespace: false } space => $"{Part(space)}.{name}",
            _ => name,
        };
    }

    /// <summary>Hint names are compared without case, so of names that differ by case only all but the first get a number.</summary>
    private static string Suffix(INamespaceOrTypeSymbol symbol)
    {
        int index = 0;
        foreach (INamespaceOrTypeSymbol sibling in ((INamespaceOrTypeSymbol)symbol.ContainingSymbol).GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (SymbolEqualityComparer.Default.Equals(sibling, symbol))
            {
                break;
            }

            if (string.Equals(sibling.Name, symbol.Name, StringComparison.OrdinalIgnoreCase))
            {
                index++;
            }
        }

        return index == 0 ? "" : $"-{index}";
    }
}
