#if MILTER_GENERATOR
namespace Milter.Generators.Model; // The generator compiles this file too: it references nothing of ours.
#else
namespace Milter.Protocol;
#endif

/// <summary>The names of flags, steps and stages as libmilter's header and the protocol's documents have them: <c>SMFIF_ADDHDRS</c>, <c>SMFIP_NR_HDR</c>, <c>MAIL</c>.</summary>
/// <remarks>For logs, reports and messages. All of AttrMilter takes its words from here.</remarks>
public static class ProtocolNames
{
    /// <summary>Names an action.</summary>
    /// <param name="action">One flag.</param>
    /// <returns>Its name; a hexadecimal number for what is not one known flag.</returns>
    public static string Of(MilterActions action) => action switch
    {
        MilterActions.AddHeaders => "SMFIF_ADDHDRS",
        MilterActions.ChangeBody => "SMFIF_CHGBODY",
        MilterActions.AddRecipients => "SMFIF_ADDRCPT",
        MilterActions.DeleteRecipients => "SMFIF_DELRCPT",
        MilterActions.ChangeHeaders => "SMFIF_CHGHDRS",
        MilterActions.Quarantine => "SMFIF_QUARANTINE",
        MilterActions.ChangeSender => "SMFIF_CHGFROM",
        MilterActions.AddRecipientsWithArguments => "SMFIF_ADDRCPT_PAR",
        MilterActions.SetSymbolList => "SMFIF_SETSYMLIST",
        _ => $"0x{(uint)action:x}",
    };

    /// <summary>Names a step that is left out, a reply that is waived, or an option.</summary>
    /// <param name="step">One flag.</param>
    /// <returns>Its name; a hexadecimal number for what is not one known flag.</returns>
    public static string Of(ProtocolSteps step) => step switch
    {
        ProtocolSteps.NoConnect => "SMFIP_NOCONNECT",
        ProtocolSteps.NoHelo => "SMFIP_NOHELO",
        ProtocolSteps.NoMail => "SMFIP_NOMAIL",
        ProtocolSteps.NoRcpt => "SMFIP_NORCPT",
        ProtocolSteps.NoBody => "SMFIP_NOBODY",
        ProtocolSteps.NoHeaders => "SMFIP_NOHDRS",
        ProtocolSteps.NoEndOfHeaders => "SMFIP_NOEOH",
        ProtocolSteps.NoReplyHeader => "SMFIP_NR_HDR",
        ProtocolSteps.NoUnknown => "SMFIP_NOUNKNOWN",
        ProtocolSteps.NoData => "SMFIP_NODATA",
        ProtocolSteps.Skip => "SMFIP_SKIP",
        ProtocolSteps.RejectedRecipients => "SMFIP_RCPT_REJ",
        ProtocolSteps.NoReplyConnect => "SMFIP_NR_CONN",
        ProtocolSteps.NoReplyHelo => "SMFIP_NR_HELO",
        ProtocolSteps.NoReplyMail => "SMFIP_NR_MAIL",
        ProtocolSteps.NoReplyRcpt => "SMFIP_NR_RCPT",
        ProtocolSteps.NoReplyData => "SMFIP_NR_DATA",
        ProtocolSteps.NoReplyUnknown => "SMFIP_NR_UNKN",
        ProtocolSteps.NoReplyEndOfHeaders => "SMFIP_NR_EOH",
        ProtocolSteps.NoReplyBody => "SMFIP_NR_BODY",
        ProtocolSteps.HeaderLeadingSpace => "SMFIP_HDR_LEADSPC",
        ProtocolSteps.MaxData256K => "SMFIP_MDS_256K",
        ProtocolSteps.MaxData1M => "SMFIP_MDS_1M",
        _ => $"0x{(uint)step:x}",
    };

    /// <summary>Names the stage of a symbol list.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>Its name; the number of an unknown one.</returns>
    public static string Of(MacroStage stage) => stage switch
    {
        MacroStage.Connect => "CONNECT",
        MacroStage.Helo => "HELO",
        MacroStage.Mail => "MAIL",
        MacroStage.Rcpt => "RCPT",
        MacroStage.Data => "DATA",
        MacroStage.EndOfMessage => "EOM",
        MacroStage.EndOfHeaders => "EOH",
        _ => $"{(int)stage}",
    };
}
