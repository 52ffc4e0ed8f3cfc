using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>Reports what a message leaves behind for the next one of the session, or for other sessions, and what is reset before a message could see it.</summary>
internal sealed class StateCheck : FilterCheck
{
    private const Stages BeforeMessage = Stages.Connect | Stages.Helo;

    public override ImmutableArray<DiagnosticDescriptor> Rules { get; } =
        ImmutableArray.Create(Descriptors.UnmarkedState, Descriptors.UnmarkedCollection, Descriptors.CapturedState, Descriptors.StaticState, Descriptors.ResetTooEarly);

    public override void Check(FilterReport report)
    {
        var state = new FilterState(report.Filter);
        List<Change> changes = [.. from body in report.Filter.Bodies
                                   from found in state.Of(body)
                                   where found.IsChange && Counts(found, state)
                                   select new Change(found, body)];
        SetOnce(report, state, changes);
        foreach (IGrouping<ISymbol, Change> member in changes.GroupBy(change => change.Root, SymbolEqualityComparer.Default))
        {
            if (member.Key.IsStatic)
            {
                Say(report, Descriptors.StaticState, member.FirstOrDefault(change => !Guards.IsGuarded(change.Event, change.Body)));
            }
            else if (IsMarked(member.Key, RuntimeNames.PerMessageAttribute))
            {
                bool isForSession = member.All(change => (change.Body.Stages & ~BeforeMessage) == 0);
                Say(report, Descriptors.ResetTooEarly, isForSession && IsReadInMessage(report.Filter, state, member.Key) ? member.First() : null);
            }
            else if (!IsMarked(member.Key, RuntimeNames.PerSessionAttribute))
            {
                // What sets it back comes too seldom to help, but is not what leaves something.
                List<Change> leaving = [.. member.Where(change => (change.Body.Stages & HandlerSymbols.MessageSteps) != 0 && !state.IsReset(change.Event.Slot))];
                Change? left = leaving.FirstOrDefault(change => !change.SetsBack) ?? leaving.FirstOrDefault();
                Say(report, left is null ? null : Rule(left), left);
            }
        }
    }

    /// <summary>A constructor runs before any message, so that what it puts into a member that becomes empty with each is never seen.</summary>
    private static void SetOnce(FilterReport report, FilterState state, List<Change> changes)
    {
        foreach (ISimpleAssignmentOperation assignment in state.Objects.Constructors().OfType<ISimpleAssignmentOperation>())
        {
            if (assignment.Target is IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: var member }
                && IsMarked(member, RuntimeNames.PerMessageAttribute) && BecomesEmpty(member) && report.IsOurs(member.ContainingType)
                && assignment.Value.Bare() is not IDefaultValueOperation
                && !changes.Any(change => SymbolEqualityComparer.Default.Equals(change.Root, member.OriginalDefinition))
                && IsReadInMessage(report.Filter, state, member.OriginalDefinition))
            {
                report.Report(Descriptors.ResetTooEarly, assignment.Target.Syntax.GetLocation(), member.Name);
            }
        }
    }

    private static bool BecomesEmpty(ISymbol member) => TypeOf(member) is { } type
        && member is IFieldSymbol { IsReadOnly: false } or IPropertySymbol { SetMethod: not null }
        && (type.IsValueType || type.SpecialType == SpecialType.System_String || type.NullableAnnotation == NullableAnnotation.Annotated)
        && !type.Implements(RuntimeNames.Resettable);

    private static void Say(FilterReport report, DiagnosticDescriptor? rule, Change? change)
    {
        if (rule is not null && change is not null && report.IsOurs(change.Body))
        {
            report.Report(rule, change.Event.Place.Syntax.GetLocation(), change.Root.Name);
        }
    }

    private static DiagnosticDescriptor Rule(Change change) => change switch
    {
        { Root: IParameterSymbol, Event.IsOfOwnObject: false } => Descriptors.CapturedState,
        { Event.Action: StateAction.Filled } => Descriptors.UnmarkedCollection,
        _ => Descriptors.UnmarkedState,
    };

    /// <summary>Says whether a change can be somebody else's trouble: of an object only where it is the class's own, of what threads share only where it stays in one session.</summary>
    private static bool Counts(StateEvent found, FilterState state)
    {
        ISymbol root = found.Slot.Root;
        if (found.IsOfOwnObject && (root is IParameterSymbol || !state.Objects.IsOwn(root)))
        {
            return false;
        }

        return !(root.IsStatic && (root.Has("System.ThreadStaticAttribute") || (found.IsOfOwnObject && Collections.IsForThreads(TypeOf(root)))));
    }

    private static bool IsReadInMessage(FilterClass filter, FilterState state, ISymbol root) => filter.Bodies
        .Where(body => (body.Stages & HandlerSymbols.MessageSteps) != 0)
        .SelectMany(state.Of)
        .Any(found => found.Action == StateAction.Read && SymbolEqualityComparer.Default.Equals(found.Slot.Root, root));

    private static bool IsMarked(ISymbol member, string attribute) => member.Has(attribute)
        || (member is IPropertySymbol property && property.BackingField()?.Has(attribute) == true);

    private static ITypeSymbol? TypeOf(ISymbol member) => (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;

    private sealed record Change(StateEvent Event, FilterBody Body)
    {
        public ISymbol Root => Event.Slot.Root;

        /// <summary>Gets a value indicating whether the change gives it the value that it had at first, as far as one can tell.</summary>
        public bool SetsBack => Event.At is ISimpleAssignmentOperation { Value: var value }
            && (value.Bare() is IDefaultValueOperation || value.ConstantValue is { HasValue: true, Value: null or false or 0 or "" });
    }
}
