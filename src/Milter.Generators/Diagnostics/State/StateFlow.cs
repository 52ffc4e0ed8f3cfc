using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;

namespace Milter.Generators.Diagnostics;

/// <summary>Says of a body which slots it surely gives a new value, and of which it may see the value that was there before.</summary>
internal sealed class StateFlow : ControlFlow<Slot>
{
    private readonly FilterBody _body;
    private readonly FilterState _state;
    private readonly ILookup<SyntaxNode, StateEvent> _events;
    private readonly HashSet<Slot> _exposed = [];
    private readonly bool _messageGoesOn;

    /// <param name="body">The body.</param>
    /// <param name="state">What the filter's bodies do with its state.</param>
    /// <param name="messageGoesOn">Whether only the ways count after which the message goes on: of a handler that refuses, no later one sees anything.</param>
    public StateFlow(FilterBody body, FilterState state, bool messageGoesOn)
        : base(holdsOnAllWays: true)
    {
        (_body, _state, _messageGoesOn) = (body, state, messageGoesOn);
        _events = state.Of(body).ToLookup(found => found.At.Syntax);
        Assigned = body.Graph is { } graph ? Run(graph) : ImmutableHashSet.Create(Comparer);
    }

    /// <summary>Gets what has a new value on each way to the end; <see langword="null"/> where no way gets there.</summary>
    public ImmutableHashSet<Slot>? Assigned { get; }

    protected override IEqualityComparer<Slot> Comparer => EqualityComparer<Slot>.Default;

    public bool Assigns(Slot slot) => Assigned is null || Assigned.Any(assigned => assigned.Covers(slot));

    public bool Exposes(Slot slot) => _exposed.Any(exposed => exposed.Overlaps(slot));

    protected override bool IsLeftOut(IOperation? returned) => _messageGoesOn && returned is not null && EndsMessage(returned);

    protected override ImmutableHashSet<Slot> After(IOperation operation, ImmutableHashSet<Slot> facts, bool isFinal)
    {
        foreach (StateEvent found in _events[operation.Syntax])
        {
            if (found.Action is StateAction.Assigned or StateAction.Emptied)
            {
                facts = facts.Add(found.Slot);
            }
            else if (isFinal)
            {
                Expose(found.Slot, facts);
            }
        }

        foreach (StateFlow called in Called(operation))
        {
            foreach (Slot slot in isFinal ? called._exposed : [])
            {
                Expose(slot, facts);
            }

            facts = called.Assigned is null ? facts : facts.Union(called.Assigned);
        }

        return facts;
    }

    private void Expose(Slot slot, ImmutableHashSet<Slot> facts)
    {
        if (!facts.Any(fact => fact.Covers(slot)))
        {
            _exposed.Add(slot);
        }
    }

    private IEnumerable<StateFlow> Called(IOperation operation)
    {
        IEnumerable<IMethodSymbol?> methods = operation switch
        {
            IInvocationOperation call => [call.TargetMethod],
            IPropertyReferenceOperation { Property: var property } => [operation.IsRead() ? property.GetMethod : null, operation.IsWritten() ? property.SetMethod : null],
            IMethodReferenceOperation reference => [reference.Method],
            _ => [],
        };
        return methods.OfType<IMethodSymbol>().Select(method => _state.FlowOf(method, _body.At(operation.Syntax) ?? operation)).OfType<StateFlow>();
    }

    /// <summary>Says whether a message surely ends with what is returned. A local of which the method asks what it is has been asked for that.</summary>
    private bool EndsMessage(IOperation returned)
    {
        IOperation bare = (returned.Bare() is IFlowCaptureReferenceOperation captured ? _body.At(captured.Syntax) ?? captured : returned).Bare();
        return bare switch
        {
            IInvocationOperation { TargetMethod.Name: "FromResult", Arguments: { Length: 1 } task } => EndsMessage(task[0].Value),
            IObjectCreationOperation { Arguments: { Length: 1 } task } made when HandlerSymbols.IsTaskLike(made.Type!) => EndsMessage(task[0].Value),
            IConditionalOperation { WhenFalse: { } other } either => EndsMessage(either.WhenTrue) && EndsMessage(other),
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } when field.Type.Is(RuntimeNames.Verdict) => IsEnd(VerdictMembers.KindOf(_state.InitialOf(field))),
            ILocalReferenceOperation => _body.At(bare.Syntax) is { } local && ReturnedVerdict.IsAsked(local),
            _ => IsEnd(VerdictMembers.KindOf(bare)),
        };
    }

    private static bool IsEnd(string? kind) => kind is VerdictMembers.Accept or VerdictMembers.Discard or VerdictMembers.Reject or VerdictMembers.TempFail;
}
