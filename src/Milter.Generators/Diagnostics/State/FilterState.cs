using Microsoft.CodeAnalysis;
using Milter.Generators.Diagnostics.Flow;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Diagnostics;

/// <summary>What the bodies of one filter do with its state, and which of it begins anew with each message.</summary>
internal sealed class FilterState(FilterClass filter)
{
    private readonly Dictionary<FilterBody, List<StateEvent>> _events = [];
    private readonly Dictionary<FilterBody, StateFlow?> _flows = [];
    private readonly Dictionary<FilterBody, StateFlow> _ofMail = [];

    public OwnObjects Objects { get; } = new(filter);

    /// <summary>What a member is made with.</summary>
    public IOperation? InitialOf(ISymbol member) => filter.Source.InitialOf(member.OriginalDefinition);

    public IReadOnlyList<StateEvent> Of(FilterBody body)
    {
        if (!_events.TryGetValue(body, out List<StateEvent>? events))
        {
            _events[body] = events = [.. StateEvents.Of(body, Objects)];
        }

        return events;
    }

    /// <summary>The way through a method of the filter; <see langword="null"/> for others, and for one that calls itself.</summary>
    public StateFlow? FlowOf(IMethodSymbol method, IOperation at) => filter.BodyOf(method, at) is { } body ? FlowOf(body) : null;

    /// <summary>Says whether a slot that messages change is new for each: set at MAIL before anything looks at it, or at the message's end, on every way; or set by each handler before it looks.</summary>
    public bool IsReset(Slot slot) => IsSetAtMail(slot) || Handlers(Stages.MessageEnd).Any(body => FlowOf(body)?.Assigns(slot) == true) || IsScratch(slot);

    private bool IsSetAtMail(Slot slot)
    {
        FilterBody? setter = Handlers(Stages.Mail).FirstOrDefault(body => OfMail(body).Assigns(slot));
        return setter is not null && !OfMail(setter).Exposes(slot) && !Handlers(Stages.Mail).TakeWhile(body => body != setter).Any(body => OfMail(body).Exposes(slot));
    }

    private bool IsScratch(Slot slot) =>
        filter.Bodies.SelectMany(Of).Any(found => found.Action == StateAction.Read && found.Slot.Overlaps(slot))
        && filter.Handlers.All(body => FlowOf(body)?.Exposes(slot) == false);

    private StateFlow? FlowOf(FilterBody body)
    {
        if (!_flows.TryGetValue(body, out StateFlow? flow))
        {
            _flows[body] = null;
            _flows[body] = flow = new StateFlow(body, this, messageGoesOn: false);
        }

        return flow;
    }

    private StateFlow OfMail(FilterBody body)
    {
        if (!_ofMail.TryGetValue(body, out StateFlow? flow))
        {
            _ofMail[body] = flow = new StateFlow(body, this, messageGoesOn: true);
        }

        return flow;
    }

    /// <summary>The handlers of a stage in the order in which they run, as far as one can tell here.</summary>
    private IEnumerable<FilterBody> Handlers(Stages stage) => filter.Handlers
        .Where(body => (body.Handles & stage) != 0)
        .OrderByDescending(body => filter.Lineage.IndexOf(body.Method.ContainingType))
        .ThenBy(body => body.Method.Attribute(StageInfo.Of(stage).Attribute)?.Named(RuntimeNames.Order, absent: 0) ?? 0);
}
