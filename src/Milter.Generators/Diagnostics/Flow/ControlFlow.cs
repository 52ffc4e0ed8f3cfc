using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>Goes through a body along the ways that it can take, and carries facts along: what holds on all ways, or on some.</summary>
/// <remarks>
/// Blocks of a <c>catch</c> or <c>finally</c> begin with what held where the <c>try</c> began. The graph takes expressions apart, but keeps their syntax, by which
/// its operations are told.
/// </remarks>
internal abstract class ControlFlow<TFact>(bool holdsOnAllWays)
{
    private readonly Dictionary<int, ImmutableHashSet<TFact>> _entries = [];
    private readonly HashSet<ISymbol> _running = new(SymbolEqualityComparer.Default);
    private ControlFlowGraph? _graph;

    protected abstract IEqualityComparer<TFact> Comparer { get; }

    public static ControlFlowGraph? GraphOf(IOperation? root) => root switch
    {
        IMethodBodyOperation body => ControlFlowGraph.Create(body),
        IConstructorBodyOperation body => ControlFlowGraph.Create(body),
        IBlockOperation { Parent: null } body => ControlFlowGraph.Create(body),
        _ => null,
    };

    /// <summary>Goes through a graph, and through those of the functions in it.</summary>
    /// <returns>What holds at its ordinary end; <see langword="null"/> where that can't be reached.</returns>
    protected ImmutableHashSet<TFact>? Run(ControlFlowGraph graph, ImmutableHashSet<TFact>? known = null)
    {
        (ControlFlowGraph? before, Dictionary<int, ImmutableHashSet<TFact>> entries) = (_graph, new(_entries));
        _graph = graph;
        _entries.Clear();
        try
        {
            Settle(graph, known ?? ImmutableHashSet.Create(Comparer));
            foreach (BasicBlock block in graph.Blocks)
            {
                if (_entries.TryGetValue(block.Ordinal, out ImmutableHashSet<TFact>? entry))
                {
                    Through(block, entry, isFinal: true);
                }
            }

            return _entries.TryGetValue(graph.Blocks[graph.Blocks.Length - 1].Ordinal, out ImmutableHashSet<TFact>? end) ? end : null;
        }
        finally
        {
            _graph = before;
            _entries.Clear();
            foreach (KeyValuePair<int, ImmutableHashSet<TFact>> entry in entries)
            {
                _entries.Add(entry.Key, entry.Value);
            }
        }
    }

    /// <summary>What an operation changes; <paramref name="isFinal"/> when all ways are known, so that it may be judged.</summary>
    protected abstract ImmutableHashSet<TFact> After(IOperation operation, ImmutableHashSet<TFact> facts, bool isFinal);

    /// <summary>What a condition tells once it is known to be true or false.</summary>
    protected virtual ImmutableHashSet<TFact> Knowing(IOperation condition, bool isTrue, ImmutableHashSet<TFact> facts) => facts;

    /// <summary>Says whether the way that ends with this return is of no interest.</summary>
    protected virtual bool IsLeftOut(IOperation? returned) => false;

    private void Settle(ControlFlowGraph graph, ImmutableHashSet<TFact> known)
    {
        _entries[0] = known;
        var left = new SortedSet<int> { 0 };

        // Facts only become fewer (or more), so that it ends; the bound is for what nobody thought of.
        for (int steps = 0; left.Count > 0 && steps < graph.Blocks.Length * 50; steps++)
        {
            int ordinal = left.Min;
            left.Remove(ordinal);
            BasicBlock block = graph.Blocks[ordinal];
            if (IsEntryOfTry(block, out ControlFlowRegion? handlers))
            {
                foreach (ControlFlowRegion handler in handlers!.NestedRegions.Skip(1))
                {
                    Flow(handler.FirstBlockOrdinal, _entries[ordinal], left);
                }
            }

            ImmutableHashSet<TFact> facts = Through(block, _entries[ordinal], isFinal: false);
            Leave(block.FallThroughSuccessor, block, facts, left);
            Leave(block.ConditionalSuccessor, block, facts, left);
        }
    }

    private void Leave(ControlFlowBranch? branch, BasicBlock from, ImmutableHashSet<TFact> facts, SortedSet<int> left)
    {
        if (branch?.Destination is not { } to || (branch.Semantics == ControlFlowBranchSemantics.Return && IsLeftOut(from.BranchValue)))
        {
            return;
        }

        if (from is { BranchValue: { } condition, ConditionKind: not ControlFlowConditionKind.None })
        {
            facts = Knowing(condition, branch.IsConditionalSuccessor == (from.ConditionKind == ControlFlowConditionKind.WhenTrue), facts);
        }

        foreach (ControlFlowRegion last in branch.FinallyRegions)
        {
            for (int i = last.FirstBlockOrdinal; i <= last.LastBlockOrdinal; i++)
            {
                facts = Through(_graph!.Blocks[i], facts, isFinal: false);
            }
        }

        Flow(to.Ordinal, facts, left);
    }

    private void Flow(int to, ImmutableHashSet<TFact> facts, SortedSet<int> left)
    {
        ImmutableHashSet<TFact> merged = !_entries.TryGetValue(to, out ImmutableHashSet<TFact>? known) ? facts
            : holdsOnAllWays ? known.Intersect(facts)
            : known.Union(facts);
        if (known is null || !known.SetEquals(merged))
        {
            _entries[to] = merged;
            left.Add(to);
        }
    }

    private ImmutableHashSet<TFact> Through(BasicBlock block, ImmutableHashSet<TFact> facts, bool isFinal)
    {
        foreach (IOperation operation in block.Operations)
        {
            facts = Into(operation, facts, isFinal);
        }

        return block.BranchValue is { } value ? Into(value, facts, isFinal) : facts;
    }

    private ImmutableHashSet<TFact> Into(IOperation operation, ImmutableHashSet<TFact> facts, bool isFinal)
    {
        foreach (IOperation child in operation.ChildOperations)
        {
            facts = Into(child, facts, isFinal);
        }

        if (isFinal && operation is IFlowAnonymousFunctionOperation function)
        {
            Run(_graph!.GetAnonymousFunctionControlFlowGraph(function), facts);
        }

        if (LocalFunction(operation) is { } local && InScope(local) is { } body && _running.Add(local))
        {
            // What it leaves counts where it is called; as a delegate it may never run.
            ImmutableHashSet<TFact>? left = Run(body, facts);
            _running.Remove(local);
            facts = operation is IInvocationOperation && left is not null ? left : facts;
        }

        return After(operation, facts, isFinal);
    }

    /// <summary>The graph of a local function; <see langword="null"/> for one that is in code which can't be reached, or that is none.</summary>
    private ControlFlowGraph? InScope(IMethodSymbol function)
    {
        for (ControlFlowGraph? graph = _graph; graph is not null; graph = graph.Parent)
        {
            if (graph.LocalFunctions.Contains(function, SymbolEqualityComparer.Default))
            {
                return graph.GetLocalFunctionControlFlowGraph(function);
            }
        }

        return null;
    }

    private static IMethodSymbol? LocalFunction(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } function } => function.OriginalDefinition,
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } function } => function.OriginalDefinition,
        _ => null,
    };

    private static bool IsEntryOfTry(BasicBlock block, out ControlFlowRegion? handlers)
    {
        // Around the graph of a lambda or local function are the regions of the method, whose numbers are others.
        for (ControlFlowRegion? region = block.EnclosingRegion; region is { Kind: not ControlFlowRegionKind.Root }; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Try && region.FirstBlockOrdinal == block.Ordinal)
            {
                handlers = region.EnclosingRegion;
                return handlers is { Kind: ControlFlowRegionKind.TryAndCatch or ControlFlowRegionKind.TryAndFinally };
            }
        }

        handlers = null;
        return false;
    }
}
