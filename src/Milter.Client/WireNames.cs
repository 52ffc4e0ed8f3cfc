using Milter.Protocol;

namespace Milter.Client;

/// <summary>The wire's flags and codes in the words that people know from libmilter's manual, for logs and reports: <c>EOM</c>, <c>ADDHDRS</c>, <c>TEMPFAIL</c>.</summary>
public static class WireNames
{
    private static readonly MilterActions[] s_actions = [.. Enum.GetValues<MilterActions>().Where(flag => flag is not (MilterActions.None or MilterActions.All))];

    private static readonly ProtocolSteps[] s_extras =
        [ProtocolSteps.Skip, ProtocolSteps.RejectedRecipients, ProtocolSteps.HeaderLeadingSpace, ProtocolSteps.MaxData256K, ProtocolSteps.MaxData1M];

    /// <summary>Names actions, without their <c>SMFIF_</c>.</summary>
    /// <param name="actions">The actions.</param>
    /// <returns>A name each; unknown bits as one hexadecimal number.</returns>
    public static IEnumerable<string> Of(MilterActions actions) =>
        [.. s_actions.Where(flag => actions.HasFlag(flag)).Select(flag => ProtocolNames.Of(flag)["SMFIF_".Length..]), .. Rest((uint)(actions & ~MilterActions.All))];

    /// <summary>Names what is agreed on beside steps left out and replies waived, without its <c>SMFIP_</c>.</summary>
    /// <param name="steps">The agreed mask.</param>
    /// <returns>A name each.</returns>
    public static IEnumerable<string> Extras(ProtocolSteps steps) => s_extras.Where(flag => steps.HasFlag(flag)).Select(flag => ProtocolNames.Of(flag)["SMFIP_".Length..]);

    /// <summary>Names the steps that a filter has left out.</summary>
    /// <param name="steps">The agreed mask.</param>
    /// <returns>A name each.</returns>
    public static IEnumerable<string> NotSent(ProtocolSteps steps) => StepTable.Waivable.Where(row => steps.HasFlag(row.NotWanted)).Select(row => row.Name);

    /// <summary>Names the steps that are sent and whose reply a filter has waived.</summary>
    /// <param name="steps">The agreed mask.</param>
    /// <returns>A name each.</returns>
    public static IEnumerable<string> NoReply(ProtocolSteps steps) =>
        StepTable.Waivable.Where(row => !steps.HasFlag(row.NotWanted) && steps.HasFlag(row.NoReply)).Select(row => row.Name);

    /// <summary>Names flags that were not offered.</summary>
    /// <param name="actions">Actions.</param>
    /// <param name="steps">Steps.</param>
    /// <returns>A name each, with its number.</returns>
    internal static IEnumerable<string> Unoffered(MilterActions actions, ProtocolSteps steps) =>
        [.. Bits((uint)actions).Select(bit => $"action {Enum.GetName((MilterActions)bit) ?? "unknown"} (0x{bit:x})"), .. Bits((uint)steps).Select(bit => $"step {Enum.GetName((ProtocolSteps)bit) ?? "unknown"} (0x{bit:x})")];

    private static IEnumerable<uint> Bits(uint mask) => Enumerable.Range(0, 32).Select(i => 1u << i).Where(bit => (mask & bit) != 0);

    /// <summary>Names a step or another command.</summary>
    /// <param name="command">The command.</param>
    /// <returns>Its name; an unknown one as a hexadecimal number.</returns>
    public static string Of(MilterCommand command) => command switch
    {
        MilterCommand.OptNeg => "OPTNEG",
        MilterCommand.QuitNewConnection => "QUIT_NC",
        _ => Enum.IsDefined(command) ? StepTable.NameOf(command) : $"0x{(byte)command:x2}",
    };

    /// <summary>Names the stage of a symbol list.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>Its name.</returns>
    public static string Of(MacroStage stage) => ProtocolNames.Of(stage);

    /// <summary>Names a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>Its name.</returns>
    public static string Of(MilterVerdict verdict) => verdict.ToString().ToUpperInvariant();

    /// <summary>Names a packet of a filter, without its <c>SMFIR_</c>.</summary>
    /// <param name="reply">Its code.</param>
    /// <returns>Its name; an unknown one as a hexadecimal number.</returns>
    public static string Of(MilterReply reply) => reply switch
    {
        MilterReply.OptNeg => "OPTNEG",
        MilterReply.AddHeader => "ADDHEADER",
        MilterReply.InsertHeader => "INSHEADER",
        MilterReply.ChangeHeader => "CHGHEADER",
        MilterReply.AddRecipient => "ADDRCPT",
        MilterReply.AddRecipientWithArguments => "ADDRCPT_PAR",
        MilterReply.DeleteRecipient => "DELRCPT",
        MilterReply.ChangeSender => "CHGFROM",
        MilterReply.ReplaceBody => "REPLBODY",
        _ when Enum.IsDefined(reply) => reply.ToString().ToUpperInvariant(),
        (MilterReply)(byte)'4' => "SHUTDOWN",
        (MilterReply)(byte)'f' => "CONN_FAIL",
        _ => $"0x{(byte)reply:x2}",
    };

    private static IEnumerable<string> Rest(uint bits) => bits == 0 ? [] : [$"0x{bits:x}"];
}
