using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes the comment at the head of a file: what is asked of the MTA, and who asks.</summary>
internal static class HeadEmitter
{
    public static void Emit(SourceWriter writer, MilterModel model, Negotiation negotiation)
    {
        List<string[]?> rows =
        [
            ["step", "reply", "needed by"],
            .. negotiation.Steps.Select(Step),
        ];

        if (negotiation.Options.Count > 0)
        {
            rows.AddRange([null, ["option", "", "asked for by"], .. negotiation.Options.Select(ask => Row(WireName.Of(ask.What), "", ask.By))]);
        }

        if (negotiation.Required.Count + negotiation.Wanted.Count > 0)
        {
            rows.AddRange(
            [
                null,
                ["action", "", "asked for by"],
                .. negotiation.Required.Select(ask => Row(WireName.Of(ask.What), "required", ask.By)),
                .. negotiation.Wanted.Select(ask => Row(WireName.Of(ask.What), "wanted", ask.By)),
            ]);
        }

        if (negotiation.Macros.Count > 0)
        {
            rows.AddRange([null, ["macro", "at", "asked for by"], .. negotiation.Macros.Select(ask => Row(ask.What.Name, WireName.Of(ask.What.Stage), ask.By))]);
        }

        writer.Line($"// What {model.Self.Substring("global::".Length)} asks of the MTA, and why:").Line("//");
        Table(writer, rows);
        writer.Line("//");
        writer.Line("// " + Waits("message", negotiation.WaitsPerMessage));
        writer.Line("// " + Waits("session", negotiation.WaitsPerSession));
        writer.Line($"// on the wire, where all of it is offered: protocol 0x{(uint)negotiation.Protocol:x}, actions 0x{(uint)negotiation.Actions:x}");
    }

    private static string[] Step(StepNeed step) => step.Mode switch
    {
        StepMode.NotSent => [step.Stage.Word, "not sent"],
        StepMode.NoReply => Row(step.Stage.Word, "no reply", step.Data),
        _ => [step.Stage.Word, "reply", (step.Waits.Count > 0 ? string.Join(", ", step.Waits) : "(always)") + (step.Data.Count > 0 ? "; data for " + string.Join(", ", step.Data) : "")],
    };

    private static string[] Row(string what, string how, IReadOnlyList<string> by) => [what, how, string.Join(", ", by)];

    private static void Table(SourceWriter writer, List<string[]?> rows)
    {
        int[] widths = [.. Enumerable.Range(0, 2).Select(column => rows.Max(row => row is not null && row.Length > column ? row[column].Length : 0) + 2)];
        foreach (string[]? row in rows)
        {
            string line = row is null ? "" : string.Concat(row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell));
            writer.Line(("//   " + line).TrimEnd());
        }
    }

    private static string Waits(string unit, IEnumerable<StageInfo> stages)
    {
        List<string> names = [.. stages.Select(stage => stage.Repeats ? $"each {stage.Word}" : stage.Word)];
        return $"waits per {unit}: {names.Count}{(names.Count == 0 ? "" : $" ({string.Join(", ", names)})")}";
    }
}
