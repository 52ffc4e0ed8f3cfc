using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>The wire's flags and codes in the words that people know from libmilter's manual.</summary>
internal static class WireNames
{
    private static readonly (MilterActions Flag, string Name)[] s_actions =
    [
        (MilterActions.AddHeaders, "ADDHDRS"), (MilterActions.ChangeBody, "CHGBODY"), (MilterActions.AddRecipients, "ADDRCPT"),
        (MilterActions.DeleteRecipients, "DELRCPT"), (MilterActions.ChangeHeaders, "CHGHDRS"), (MilterActions.Quarantine, "QUARANTINE"),
        (MilterActions.ChangeSender, "CHGFROM"), (MilterActions.AddRecipientsWithArguments, "ADDRCPT_PAR"), (MilterActions.SetSymbolList, "SETSYMLIST"),
    ];

    private static readonly (ProtocolSteps Flag, string Name)[] s_extras =
    [
        (ProtocolSteps.Skip, "SKIP"), (ProtocolSteps.RejectedRecipients, "RCPT_REJ"), (ProtocolSteps.HeaderLeadingSpace, "HDR_LEADSPC"),
        (ProtocolSteps.MaxData256K, "MDS_256K"), (ProtocolSteps.MaxData1M, "MDS_1M"),
    ];

    public static IEnumerable<string> Of(MilterActions actions) =>
        [.. s_actions.Where(row => actions.HasFlag(row.Flag)).Select(row => row.Name), .. Rest((uint)(actions & ~MilterActions.All))];

    /// <summary>What is agreed on beside steps left out and replies waived.</summary>
    public static IEnumerable<string> Extras(ProtocolSteps steps) => s_extras.Where(row => steps.HasFlag(row.Flag)).Select(row => row.Name);

    public static IEnumerable<string> NotSent(ProtocolSteps steps) => StepTable.Waivable.Where(row => steps.HasFlag(row.NotWanted)).Select(row => row.Name);

    public static IEnumerable<string> NoReply(ProtocolSteps steps) =>
        StepTable.Waivable.Where(row => !steps.HasFlag(row.NotWanted) && steps.HasFlag(row.NoReply)).Select(row => row.Name);

    public static string Of(MilterCommand command) => command switch
    {
        MilterCommand.OptNeg => "OPTNEG",
        MilterCommand.QuitNewConnection => "QUIT_NC",
        _ => Enum.IsDefined(command) ? StepTable.NameOf(command) : $"0x{(byte)command:x2}",
    };

    public static string Of(MacroStage stage) => stage switch
    {
        MacroStage.EndOfMessage => "EOM",
        MacroStage.EndOfHeaders => "EOH",
        _ => stage.ToString().ToUpperInvariant(),
    };

    public static string Of(MilterVerdict verdict) => verdict.ToString().ToUpperInvariant();

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

    public static bool IsModification(MilterReply reply) => reply is MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader
        or MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender
        or MilterReply.ReplaceBody or MilterReply.Quarantine;

    private static IEnumerable<string> Rest(uint bits) => bits == 0 ? [] : [$"0x{bits:x}"];
}
