using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Lists who made the generator ask for what, in the protocol's words.</summary>
internal static class CausesList
{
    public static IEnumerable<(string What, string Member)> Of(Negotiation negotiation)
    {
        IEnumerable<(string What, IReadOnlyList<string> By)> all =
        [
            .. negotiation.Steps.Select(step => (step.Mode == StepMode.NoReply ? WireName.Of(step.Stage.NoReply) : step.Stage.Word, step.By)),
            .. negotiation.Options.Select(ask => (WireName.Of(ask.What), ask.By)),
            .. negotiation.Required.Concat(negotiation.Wanted).OrderBy(ask => ask.What).Select(ask => (WireName.Of(ask.What), ask.By)),
            .. negotiation.Macros.Select(ask => (ask.What.Name, ask.By)),
        ];
        return all.SelectMany(item => item.By.Select(member => (item.What, member)));
    }
}
