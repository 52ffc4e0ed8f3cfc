using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Says which of the values that a local is given in a body can be in it where it is read.</summary>
internal sealed class LocalValues : ControlFlow<LocalValues.Definition>
{
    private readonly FilterBody _body;
    private readonly Dictionary<SyntaxNode, ImmutableArray<IOperation>> _at = [];
    private readonly HashSet<Definition> _read = [];

    public LocalValues(FilterBody body)
        : base(holdsOnAllWays: false)
    {
        _body = body;
        if (body.Graph is { } graph)
        {
            Run(graph);
        }
    }

    protected override IEqualityComparer<Definition> Comparer => EqualityComparer<Definition>.Default;

    /// <summary>The values; none where the code could not be followed.</summary>
    public ImmutableArray<IOperation> ValuesOf(ILocalReferenceOperation local) => _at.TryGetValue(local.Syntax, out ImmutableArray<IOperation> values) ? values : ImmutableArray<IOperation>.Empty;

    /// <summary>Says whether a value that a local is given is in it at any place where it is read.</summary>
    public bool IsRead(ILocalSymbol local, IOperation value) => _read.Contains(new Definition(local, value.Syntax));

    protected override ImmutableHashSet<Definition> After(IOperation operation, ImmutableHashSet<Definition> facts, bool isFinal)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local when isFinal:
                Definition[] held = [.. facts.Where(fact => SymbolEqualityComparer.Default.Equals(fact.Local, local.Local))];
                _read.UnionWith(local.IsRead() ? held : []);
                _at[local.Syntax] = held
                    .Select(fact => _body.At(fact.Value))
                    .OfType<IOperation>()
                    .ToImmutableArray();
                return facts;
            case ISimpleAssignmentOperation assignment when Target(assignment.Target) is { } written:
                return facts.Except(facts.Where(fact => SymbolEqualityComparer.Default.Equals(fact.Local, written))).Add(new Definition(written, assignment.Value.Syntax));
            default:
                return facts;
        }
    }

    private ILocalSymbol? Target(IOperation target) => (target is IFlowCaptureReferenceOperation ? _body.At(target.Syntax) : target) is ILocalReferenceOperation local ? local.Local : null;

    /// <summary>A local and the text of a value that it was given.</summary>
    internal readonly record struct Definition(ILocalSymbol Local, SyntaxNode Value);
}
