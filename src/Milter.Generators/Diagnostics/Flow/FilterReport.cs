using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>A filter at hand, and where to say what is wrong with it.</summary>
internal sealed class FilterReport(FilterClass filter, Func<INamedTypeSymbol, bool> isOurs, Action<Diagnostic> say)
{
    private readonly HashSet<(string Id, Location Place)> _said = [];

    public FilterClass Filter => filter;

    /// <summary>Says whether a body's mistakes are reported with this class. Those of a base class are, with the first of the classes that derive from it.</summary>
    public bool IsOurs(FilterBody body) => IsOurs(body.Method.ContainingType);

    public bool IsOurs(INamedTypeSymbol declaring) => isOurs(declaring);

    /// <summary>Lists the bodies to look at.</summary>
    public IEnumerable<FilterBody> Bodies => filter.Bodies.Where(IsOurs);

    /// <summary>Reports a place once for each rule.</summary>
    public void Report(DiagnosticDescriptor rule, Location place, params object[] arguments) => Report(rule, place, ImmutableDictionary<string, string?>.Empty, arguments);

    public void Report(DiagnosticDescriptor rule, Location place, ImmutableDictionary<string, string?> properties, params object[] arguments)
    {
        if (_said.Add((rule.Id, place)))
        {
            say(Diagnostic.Create(rule, place, properties, arguments));
        }
    }
}
