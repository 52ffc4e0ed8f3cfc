using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Says which tasks are surely complete at a place of a body: awaited on every way to it, or asked and found so.</summary>
internal sealed class FinishedTasks : ControlFlow<ISymbol>
{
    private static readonly string[] s_questions = ["IsCompleted", "IsCompletedSuccessfully"];

    private readonly FilterBody _body;
    private readonly Dictionary<SyntaxNode, ImmutableHashSet<ISymbol>> _at = [];

    public FinishedTasks(FilterBody body)
        : base(holdsOnAllWays: true)
    {
        _body = body;
        if (body.Graph is { } graph)
        {
            Run(graph);
        }
    }

    protected override IEqualityComparer<ISymbol> Comparer => SymbolEqualityComparer.Default;

    /// <summary>Says whether a task, or one of the tasks that an expression is about, is complete where it is used.</summary>
    public bool IsFinished(IOperation use)
    {
        IOperation? task = TaskOf(use);
        if (task is null)
        {
            return IsAskedInPattern(use);
        }

        if (task.Bare() is IInvocationOperation { TargetMethod: { Name: "FromResult" or "FromException" or "FromCanceled" } } or IPropertyReferenceOperation { Property.Name: "CompletedTask" }
            || (task.Bare() is IAwaitOperation { Operation: var any } && IsWhenAny(any)))
        {
            return true;
        }

        if (IsOfWhenEach(task) || IsAskedInPattern(use))
        {
            return true;
        }

        ImmutableHashSet<ISymbol> facts = FactsAt(use);
        return task.DescendantsAndSelf().SelectMany(Origins).Any(symbol => facts.Contains(symbol)) || IsGivenComplete(task);
    }

    protected override ImmutableHashSet<ISymbol> After(IOperation operation, ImmutableHashSet<ISymbol> facts, bool isFinal)
    {
        if (isFinal)
        {
            _at[operation.Syntax] = facts;
        }

        switch (operation)
        {
            case IAwaitOperation awaited:
                return facts.Union(Awaited(awaited.Operation));
            case ISimpleAssignmentOperation assignment when Symbol(Original(assignment.Target)) is { } written:
                bool isAny = assignment.Value is IAwaitOperation { Operation: var any } && IsWhenAny(any);
                return isAny || (Symbol(Original(assignment.Value)) is { } given && facts.Contains(given)) ? facts.Add(written) : facts.Remove(written);
            default:
                return facts;
        }
    }

    protected override ImmutableHashSet<ISymbol> Knowing(IOperation condition, bool isTrue, ImmutableHashSet<ISymbol> facts) => (condition, isTrue) switch
    {
        (IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand }, _) => Knowing(operand, !isTrue, facts),
        (IPropertyReferenceOperation { Property.Name: var name, Instance: { } task }, true) when s_questions.Contains(name) && Symbol(Original(task)) is { } symbol => facts.Add(symbol),
        (IInvocationOperation { TargetMethod.Name: "Wait", Type.SpecialType: SpecialType.System_Boolean, Instance: { } task }, true) when HandlerSymbols.IsTaskLike(task.Type!) && Symbol(Original(task)) is { } symbol => facts.Add(symbol),
        (IIsPatternOperation { Pattern: IRecursivePatternOperation pattern, Value: var task }, true) when pattern.PropertySubpatterns.Any(IsComplete) => facts.Union(new[] { Symbol(Original(task)), pattern.DeclaredSymbol }.OfType<ISymbol>()),
        (IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IRecursivePatternOperation pattern }, Value: var task }, false) when Symbol(Original(task)) is { } symbol && pattern.PropertySubpatterns.Any(IsComplete) => facts.Add(symbol),
        (IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: true } }, Value: var inner }, true) => Knowing(inner, isTrue: true, facts),
        (IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals, true) => facts.Union(Equal(equals, facts)),
        (IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } equals, false) => facts.Union(Equal(equals, facts)),
        _ => facts,
    };

    /// <summary>The task that a blocking member waits for.</summary>
    private static IOperation? TaskOf(IOperation use) => use switch
    {
        IPropertyReferenceOperation result => result.Instance.Receiver(),
        IInvocationOperation { TargetMethod.IsStatic: false } call => call.Instance.Receiver(),
        _ => null,
    };

    private static bool IsComplete(IPropertySubpatternOperation part) =>
        part is { Member: IPropertyReferenceOperation { Property.Name: var name }, Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: true } } } && s_questions.Contains(name);

    /// <summary>What is complete where two are one: the task that <c>WhenAny</c> gave, or one that is known, is another.</summary>
    private IEnumerable<ISymbol> Equal(IBinaryOperation equals, ImmutableHashSet<ISymbol> facts)
    {
        IOperation left = Original(equals.LeftOperand).Bare(), right = Original(equals.RightOperand).Bare();
        foreach ((IOperation one, IOperation other) in new[] { (left, right), (right, left) })
        {
            bool isAny = (one is IAwaitOperation { Operation: var any } && IsWhenAny(any)) || (Symbol(one) is { } known && facts.Contains(known));
            bool isStatus = one is IPropertyReferenceOperation { Property.Name: "Status" } && other is IFieldReferenceOperation { Field.Name: "RanToCompletion" };
            if ((isAny ? other : isStatus ? ((IPropertyReferenceOperation)one).Instance : null) is { } task && Symbol(Original(task)) is { } symbol)
            {
                yield return symbol;
            }
        }
    }

    /// <summary>The tasks that are complete once this was awaited.</summary>
    private IEnumerable<ISymbol> Awaited(IOperation awaited)
    {
        IOperation bare = Original(awaited).Bare();
        return bare switch
        {
            IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WaitAsync" or "AsTask" or "Preserve", Instance: { } task } => Awaited(task),
            IInvocationOperation { TargetMethod.Name: "WaitAsync", Arguments: { Length: > 0 } given } => Awaited(given[0].Value),
            IInvocationOperation { TargetMethod.Name: "WhenAll" } all => all.Arguments.SelectMany(argument => argument.Value.DescendantsAndSelf()).Select(Symbol).OfType<ISymbol>(),
            ILocalReferenceOperation local when Symbol(local) is { } symbol => [symbol, .. _body.Locals.ValuesOf(local).Where(value => value.Bare() is IInvocationOperation).SelectMany(Awaited)],
            _ => Symbol(bare) is { } symbol ? [symbol] : [],
        };
    }

    /// <summary>Says whether a task is the variable of a loop over <c>Task.WhenEach</c>, which gives complete ones.</summary>
    private static bool IsOfWhenEach(IOperation task) => Symbol(task) is ILocalSymbol local
        && SourcesOf(task, local).Any(source => source.DescendantsAndSelf().Any(part => part is IInvocationOperation { TargetMethod.Name: "WhenEach" }));

    /// <summary>Says whether the pattern that asks for a result asks before whether it is there: <c>{ IsCompletedSuccessfully: true, Result: 3 }</c>.</summary>
    private static bool IsAskedInPattern(IOperation use) => use.Parent is IPropertySubpatternOperation { Parent: IRecursivePatternOperation pattern } result
        && pattern.PropertySubpatterns.TakeWhile(part => part != result).Any(IsComplete);

    private static bool IsWhenAny(IOperation operation) => operation.Bare() switch
    {
        IInvocationOperation { TargetMethod.Name: "WhenAny" } => true,
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WaitAsync", Instance: { } task } => IsWhenAny(task),
        _ => false,
    };

    /// <summary>What an expression stands for; a variable of a loop or of a query's lambda stands for what it goes through.</summary>
    private IEnumerable<ISymbol> Origins(IOperation operation)
    {
        if (Symbol(operation) is not { } symbol)
        {
            yield break;
        }

        yield return symbol;
        foreach (IOperation source in SourcesOf(operation, symbol))
        {
            foreach (ISymbol origin in source.DescendantsAndSelf().Select(Symbol).OfType<ISymbol>())
            {
                yield return origin;
            }
        }
    }

    private static IEnumerable<IOperation> SourcesOf(IOperation operation, ISymbol symbol)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is IForEachLoopOperation loop && loop.Locals.Contains(symbol, SymbolEqualityComparer.Default))
            {
                yield return loop.Collection;
            }

            if (at is IAnonymousFunctionOperation function && function.Symbol.Parameters.Contains(symbol, SymbolEqualityComparer.Default)
                && function.Parent?.Parent is IArgumentOperation { Parent: IInvocationOperation call } argument)
            {
                foreach (IOperation source in call.Arguments.Where(other => other != argument).Select(other => other.Value).Concat(call.Instance is { } instance ? [instance] : []))
                {
                    yield return source;
                }
            }
        }
    }

    /// <summary>What runs after a task is given it complete.</summary>
    private static bool IsGivenComplete(IOperation task)
    {
        for (IOperation? at = task.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation function
                && task.DescendantsAndSelf().OfType<IParameterReferenceOperation>().Any(use => function.Symbol.Parameters.Contains(use.Parameter, SymbolEqualityComparer.Default))
                && function.Parent?.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "ContinueWith" or "ContinueWhenAll" or "ContinueWhenAny" } })
            {
                return true;
            }
        }

        return false;
    }

    private ImmutableHashSet<ISymbol> FactsAt(IOperation use)
    {
        for (IOperation? at = use; at is not null; at = at.Parent)
        {
            if (_at.TryGetValue(at.Syntax, out ImmutableHashSet<ISymbol>? facts))
            {
                return facts;
            }
        }

        return ImmutableHashSet.Create(Comparer);
    }

    private IOperation Original(IOperation operation) => operation is IFlowCaptureReferenceOperation ? _body.At(operation.Syntax) ?? operation : operation;

    private static ISymbol? Symbol(IOperation operation) => operation.Bare() switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member => member.Member,
        _ => null,
    };
}
