using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>A step of the protocol: how it is sent, and what a filter may waive of it.</summary>
/// <param name="Name">Its name, as people write it.</param>
/// <param name="Command">Its byte.</param>
/// <param name="NotSent">The flag by which a filter has it left out.</param>
/// <param name="NoReply">The flag by which a filter waives its reply.</param>
/// <param name="Macros">The stage whose macros come before it.</param>
internal sealed record MtaStep(string Name, MilterCommand Command, ProtocolSteps NotSent, ProtocolSteps NoReply, MacroStage Macros)
{
    public static readonly MtaStep Connect = new("CONNECT", MilterCommand.Connect, ProtocolSteps.NoConnect, ProtocolSteps.NoReplyConnect, MacroStage.Connect);
    public static readonly MtaStep Helo = new("HELO", MilterCommand.Helo, ProtocolSteps.NoHelo, ProtocolSteps.NoReplyHelo, MacroStage.Helo);
    public static readonly MtaStep Mail = new("MAIL", MilterCommand.Mail, ProtocolSteps.NoMail, ProtocolSteps.NoReplyMail, MacroStage.Mail);
    public static readonly MtaStep Rcpt = new("RCPT", MilterCommand.Rcpt, ProtocolSteps.NoRcpt, ProtocolSteps.NoReplyRcpt, MacroStage.Rcpt);
    public static readonly MtaStep Data = new("DATA", MilterCommand.Data, ProtocolSteps.NoData, ProtocolSteps.NoReplyData, MacroStage.Data);
    public static readonly MtaStep Header = new("HEADER", MilterCommand.Header, ProtocolSteps.NoHeaders, ProtocolSteps.NoReplyHeader, MacroStage.EndOfHeaders);
    public static readonly MtaStep EndOfHeaders = new("EOH", MilterCommand.EndOfHeaders, ProtocolSteps.NoEndOfHeaders, ProtocolSteps.NoReplyEndOfHeaders, MacroStage.EndOfHeaders);
    public static readonly MtaStep Body = new("BODY", MilterCommand.Body, ProtocolSteps.NoBody, ProtocolSteps.NoReplyBody, MacroStage.EndOfMessage);
    public static readonly MtaStep EndOfMessage = new("EOM", MilterCommand.EndOfMessage, ProtocolSteps.None, ProtocolSteps.None, MacroStage.EndOfMessage);

    /// <summary>The steps that a filter may waive, with UNKNOWN, which the demo never sends.</summary>
    public static readonly IReadOnlyList<MtaStep> Waivable =
    [
        Connect, Helo, Mail, Rcpt, Data, Header, EndOfHeaders, Body,
        new("UNKNOWN", MilterCommand.Unknown, ProtocolSteps.NoUnknown, ProtocolSteps.NoReplyUnknown, MacroStage.Connect),
    ];
}
