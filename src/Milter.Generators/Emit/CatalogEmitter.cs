using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Emit;

/// <summary>Writes the assembly attribute from which tools read what a milter asks for, without loading code.</summary>
internal static class CatalogEmitter
{
    public static void Emit(SourceWriter writer, MilterModel model, Negotiation negotiation)
    {
        List<string> arguments =
        [
            CSharpText.Literal(model.MetadataName),
            $"{RuntimeNames.CatalogVersion}",
            .. Flag("Handles", RuntimeNames.Stages, (uint)Stages(model.Handlers)),
            .. Flag("Replies", RuntimeNames.Stages, (uint)Stages(model.Handlers.Where(handler => handler.ReturnsVerdict))),
            .. Flag("Waived", RuntimeNames.Steps, (uint)negotiation.Waived),
            .. Flag("Wanted", RuntimeNames.Steps, (uint)(negotiation.Protocol & ~negotiation.Waived)),
            .. Flag("RequiredActions", RuntimeNames.Actions, (uint)Actions(negotiation.Required)),
            .. Flag("WantedActions", RuntimeNames.Actions, (uint)Actions(negotiation.Wanted)),
            .. Flag("Collects", RuntimeNames.Collected, (uint)negotiation.Collects),
            .. Texts("Handlers", model.Handlers.Select(handler => $"{StageInfo.Of(handler.Stage).Handler} {handler.Name}")),
            .. Texts("SymbolLists", negotiation.SymbolLists.Select(list => $"{WireName.Of(list.Stage)}: {list.Names}")),
            .. Texts("Causes", CausesList.Of(negotiation).Select(cause => $"{cause.What}: {cause.Member}")),
            .. Texts("WaitsPerMessage", negotiation.WaitsPerMessage.Select(stage => stage.Word)),
            .. Texts("WaitsPerSession", negotiation.WaitsPerSession.Select(stage => stage.Word)),
        ];
        string name = RuntimeNames.Catalog.Substring(0, RuntimeNames.Catalog.Length - nameof(Attribute).Length);
        writer.Call($"[assembly: global::{name}", arguments, "]");
    }

    private static Stages Stages(IEnumerable<HandlerModel> handlers) => handlers.Aggregate(MilterStages.None, (mask, handler) => mask | handler.Stage);

    private static ActionFlags Actions(IEnumerable<Ask<ActionFlags>> asks) => asks.Aggregate(ActionFlags.None, (mask, ask) => mask | ask.What);

    /// <summary>As a number: the descriptor has the words.</summary>
    private static IEnumerable<string> Flag(string name, string type, uint value) => value == 0 ? [] : [$"{name} = (global::{type})0x{value:x}"];

    private static IEnumerable<string> Texts(string name, IEnumerable<string> texts)
    {
        string all = string.Join(", ", texts.Select(CSharpText.Literal));
        return all.Length == 0 ? [] : [$"{name} = new string[] {{ {all} }}"];
    }
}
