using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics.Flow;

/// <summary>One method or accessor of a filter that its handlers get to, with the lambdas and local functions in it.</summary>
internal sealed class FilterBody
{
    private readonly List<(FilterBody Caller, IOperation At)> _calls = [];
    private Dictionary<SyntaxNode, IOperation>? _bySyntax;
    private ControlFlowGraph? _graph;
    private LocalValues? _locals;
    private readonly IOperation? _root;
    private bool _hasGraph;

    public FilterBody(FilterClass filter, IMethodSymbol method, ImmutableArray<IOperation> blocks, Stages handles)
    {
        Filter = filter;
        Method = method;
        Handles = handles;

        // The values of attributes and of optional parameters come as blocks, too.
        Operations = blocks.Where(IsBody).SelectMany(block => block.DescendantsAndSelf()).ToImmutableArray();
        _root = blocks.Where(IsBody).Select(RootOf).FirstOrDefault();
    }

    /// <summary>Gets the filter that gets to it.</summary>
    public FilterClass Filter { get; }

    public IMethodSymbol Method { get; }

    /// <summary>Gets the stages that it is a handler of.</summary>
    public Stages Handles { get; }

    /// <summary>Gets the stages at which the handler is still running when the body runs.</summary>
    public Stages Attached { get; private set; }

    /// <summary>Gets the stages whose handlers leave it to work that goes on beside them.</summary>
    public Stages Detached { get; private set; }

    public Stages Stages => Attached | Detached;

    public bool IsAsync => HandlerSymbols.IsTaskLike(Method.ReturnType);

    /// <summary>Gets everything in the body, in the order of the text.</summary>
    public ImmutableArray<IOperation> Operations { get; }

    /// <summary>Gets its control flow; <see langword="null"/> where there is no body.</summary>
    public ControlFlowGraph? Graph
    {
        get
        {
            if (!_hasGraph)
            {
                (_graph, _hasGraph) = (LocalValues.GraphOf(_root), true);
            }

            return _graph;
        }
    }

    /// <summary>Gets what its locals can hold where they are read.</summary>
    public LocalValues Locals => _locals ??= new LocalValues(this);

    /// <summary>Gets the places from which other bodies get to it.</summary>
    public IReadOnlyList<(FilterBody Caller, IOperation At)> Calls => _calls;

    /// <summary>Gets the stages with their attributes' names: <c>OnMail, OnRcpt</c>.</summary>
    public IEnumerable<StageInfo> Infos => StageInfo.All.Where(stage => (stage.Stage & Stages) != 0);

    /// <summary>Finds what stands at a place of the text; of several operations the innermost that is not implicit.</summary>
    public IOperation? At(SyntaxNode syntax)
    {
        _bySyntax ??= Operations.GroupBy(operation => operation.Syntax).ToDictionary(group => group.Key, group => group.LastOrDefault(operation => !operation.IsImplicit) ?? group.Last());
        return _bySyntax.TryGetValue(syntax, out IOperation? operation) ? operation : null;
    }

    /// <summary>Says that the body is got to, and whether that was news.</summary>
    public bool Reach(Stages stages, bool isDetached)
    {
        Stages before = isDetached ? Detached : Attached;
        Stages after = before | stages;
        (Attached, Detached) = isDetached ? (Attached, after) : (after, Detached);
        return after != before;
    }

    public void CalledFrom(FilterBody caller, IOperation at) => _calls.Add((caller, at));

    private static bool IsBody(IOperation block) => block is IBlockOperation or IMethodBodyBaseOperation;

    private static IOperation RootOf(IOperation block)
    {
        while (block.Parent is { } parent)
        {
            block = parent;
        }

        return block;
    }
}
