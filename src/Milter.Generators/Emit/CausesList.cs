using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Lists who made the generator ask for what: in the protocol's words for the catalogue, typed for the descriptor.</summary>
internal static class CausesList
{
    public static IEnumerable<Cause> Of(Negotiation negotiation)
    {
        IEnumerable<(string What, string Typed, IReadOnlyList<string> By)> all =
        [
            .. negotiation.Steps.SelectMany(Of),
            .. negotiation.Options.Select(ask => (WireName.Of(ask.What), $"Option = global::{RuntimeNames.Steps}.{ask.What}", ask.By)),
            .. negotiation.Required.Concat(negotiation.Wanted).OrderBy(ask => ask.What).Select(ask => (WireName.Of(ask.What), $"Action = global::{RuntimeNames.Actions}.{ask.What}", ask.By)),
            .. negotiation.Macros.Select(ask => (ask.What.Name, $"Macro = {CSharpText.Literal(ask.What.Name)}", ask.By)),
        ];
        return all.SelectMany(item => item.By.Select(member => new Cause(item.What, item.Typed, member)));
    }

    private static IEnumerable<(string What, string Typed, IReadOnlyList<string> By)> Of(StepNeed step)
    {
        string stage = $"Stage = global::{RuntimeNames.Stages}.{step.Stage.Stage}";
        return
        [
            (step.Stage.Word, stage + ", Waits = true", step.Waits),
            (step.Mode == StepMode.NoReply ? WireName.Of(step.Stage.NoReply) : step.Stage.Word + " (data)", stage, step.Data),
        ];
    }

    /// <param name="What">What is asked for, as the protocol says it.</param>
    /// <param name="Typed">The same as an initializer of the runtime's type.</param>
    /// <param name="Member">Who asks.</param>
    internal sealed record Cause(string What, string Typed, string Member);
}
