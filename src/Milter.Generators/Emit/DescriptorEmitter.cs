using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes the descriptor, naming only what differs from the default.</summary>
internal static class DescriptorEmitter
{
    /// <summary>The type that holds it: beside the outermost class, so that no member of the user's can be in its way.</summary>
    public static string TypeOf(MilterModel model) => $"global::{(model.Namespace.Length == 0 ? "" : model.Namespace + ".")}{NameOf(model)}";

    public static void Emit(SourceWriter writer, MilterModel model, Negotiation negotiation)
    {
        writer.Line(EmittedNames.Generated);
        using (writer.Block($"file static class {NameOf(model)}"))
        using (writer.Block($"public static readonly global::{RuntimeNames.Descriptor} Value = new()", closing: "};"))
        {
            writer.Line($"ContractVersion = {RuntimeNames.ContractVersion},");
            writer.Line($"Name = {CSharpText.Literal(model.Name)},");
            Flags(writer, "Handles", RuntimeNames.Stages, StageInfo.All.Where(stage => model.HandlersOf(stage.Stage).Any()).Select(stage => stage.Stage.ToString()));
            List(writer, "Handlers", "global::" + RuntimeNames.Handler, StageInfo.All.SelectMany(stage => model.HandlersOf(stage.Stage)).Select(handler => $"new(global::{RuntimeNames.Stages}.{handler.Stage}, {CSharpText.Literal(handler.Name)})"));
            Flags(writer, "Replies", RuntimeNames.Stages, StageInfo.All.Where(stage => model.HandlersOf(stage.Stage).Any(handler => handler.ReturnsVerdict)).Select(stage => stage.Stage.ToString()));
            Flags(writer, "Waived", RuntimeNames.Steps, negotiation.Steps.Where(step => step.Waived != ProtocolFlags.None).Select(step => step.Waived.ToString()));
            Flags(writer, "Wanted", RuntimeNames.Steps, negotiation.Options.Select(ask => ask.What.ToString()));
            if (!model.PreserveHeaderSpace && negotiation.Options.Any(ask => ask.What == ProtocolFlags.HeaderLeadingSpace))
            {
                writer.Line("HidesHeaderSpace = true,");
            }

            Flags(writer, "RequiredActions", RuntimeNames.Actions, negotiation.Required.Select(ask => ask.What.ToString()));
            Flags(writer, "WantedActions", RuntimeNames.Actions, negotiation.Wanted.Select(ask => ask.What.ToString()));
            List(writer, "SymbolLists", "global::" + RuntimeNames.SymbolList, negotiation.SymbolLists.Select(list => $"new(global::{RuntimeNames.MacroStage}.{list.Stage}, {CSharpText.Literal(list.Names)})"));
            Flags(writer, "Collects", RuntimeNames.Collected, CollectedInfo.All.Where(info => (negotiation.Collects & info.Flag) != 0).Select(info => info.Flag.ToString()));
            Texts(writer, "CollectedHeaders", model.NamedHeaders());
            Texts(writer, "CollectedHeaderValues", model.AllOfNamedHeaders());
            Texts(writer, "Macros", model.Macros());
            Number(writer, "BodyConsumers", model.HandlersOf(Stages.Body).Count(handler => handler.ReturnsVerdict), absent: 0);
            if (model.Resets.Count > 0)
            {
                writer.Line("HasPerMessageState = true,");
            }

            List(writer, "Causes", "global::" + RuntimeNames.Cause, CausesList.Of(negotiation).Select(cause => $"new({CSharpText.Literal(cause.Member)}) {{ {cause.Typed} }}"));
            Number(writer, "WaitsPerMessage", negotiation.WaitsPerMessage.Count(), absent: 1);
            Number(writer, "WaitsPerSession", negotiation.WaitsPerSession.Count(), absent: 0);
        }
    }

    private static string NameOf(MilterModel model) => string.Concat(model.Containers.Select(NameIn)) + model.Name + "Descriptor";

    private static string NameIn(string header) => header.Substring(header.LastIndexOf(' ') + 1).TrimStart('@') + "_";

    private static void Flags(SourceWriter writer, string member, string type, IEnumerable<string> names)
    {
        List<string> flags = [.. names.Select(name => $"global::{type}.{name}")];
        if (flags.Count == 0)
        {
            return;
        }

        if (flags.Count == 1)
        {
            writer.Line($"{member} = {flags[0]},");
            return;
        }

        using (writer.Indented($"{member} ="))
        {
            for (int i = 0; i < flags.Count; i++)
            {
                writer.Line((i == 0 ? "" : "| ") + flags[i] + (i == flags.Count - 1 ? "," : ""));
            }
        }
    }

    private static void List(SourceWriter writer, string member, string type, IEnumerable<string> items)
    {
        List<string> all = [.. items];
        if (all.Count == 0)
        {
            return;
        }

        using (writer.Block($"{member} = new {type}[]", closing: "},"))
        {
            foreach (string item in all)
            {
                writer.Line(item + ",");
            }
        }
    }

    private static void Texts(SourceWriter writer, string member, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            writer.Line($"{member} = new string[] {{ {string.Join(", ", texts.Select(CSharpText.Literal))} }},");
        }
    }

    private static void Number(SourceWriter writer, string member, int value, int absent)
    {
        if (value != absent)
        {
            writer.Line($"{member} = {value},");
        }
    }
}
