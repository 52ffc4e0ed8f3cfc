using Microsoft.CodeAnalysis;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Says which classes of a compilation are filters, and which filter speaks for a base class that several have.</summary>
internal sealed class Family(Compilation compilation)
{
    // Only asked where a class with handlers has a base or is none: most compilations never walk their types.
    private readonly Lazy<Dictionary<ISymbol, INamedTypeSymbol>> _firstOf = new(() => FirstOf(compilation.Assembly.GlobalNamespace));

    /// <summary>Says whether a class is one to look at: a [Milter], or what has handlers and is no part of one here.</summary>
    public bool IsFilter(INamedTypeSymbol type) => type.Has(RuntimeNames.MilterAttribute)
        || (type.GetMembers().Any(member => HandlerSymbols.StagesOf(member) != Stages.None) && !_firstOf.Value.ContainsKey(type.OriginalDefinition));

    public bool IsBaseOfMilter(INamedTypeSymbol type) => _firstOf.Value.ContainsKey(type.OriginalDefinition);

    /// <summary>Says whether the mistakes in a class are reported with a filter: its own are, and those of a base with the first filter that has it.</summary>
    public bool IsReportedWith(INamedTypeSymbol declaring, INamedTypeSymbol filter) =>
        SymbolEqualityComparer.Default.Equals(declaring.OriginalDefinition, filter)
        || !_firstOf.Value.TryGetValue(declaring.OriginalDefinition, out INamedTypeSymbol? first)
        || SymbolEqualityComparer.Default.Equals(first, filter);

    private static Dictionary<ISymbol, INamedTypeSymbol> FirstOf(INamespaceSymbol root)
    {
        Dictionary<ISymbol, INamedTypeSymbol> firsts = new(SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol milter in Milters(root).OrderBy(type => type.Locations.FirstOrDefault()?.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(type => type.Locations.FirstOrDefault()?.SourceSpan.Start))
        {
            for (INamedTypeSymbol? above = milter.BaseType; above is not null && !firsts.ContainsKey(above.OriginalDefinition); above = above.BaseType)
            {
                firsts.Add(above.OriginalDefinition, milter);
            }
        }

        return firsts;
    }

    private static IEnumerable<INamedTypeSymbol> Milters(INamespaceSymbol root)
    {
        var left = new Stack<INamespaceOrTypeSymbol>();
        left.Push(root);
        while (left.Count > 0)
        {
            INamespaceOrTypeSymbol at = left.Pop();
            foreach (INamespaceOrTypeSymbol member in at.GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                left.Push(member);
            }

            if (at is INamedTypeSymbol type && type.Has(RuntimeNames.MilterAttribute))
            {
                yield return type;
            }
        }
    }
}
