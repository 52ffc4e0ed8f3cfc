using Milter.Protocol;

namespace Milter.Conformance.Tests.Mta;

/// <summary>What negotiation can say about each command that is replied to.</summary>
internal static class Steps
{
    public static (ProtocolSteps NotSent, ProtocolSteps NoReply) Of(MilterCommand command) => command switch
    {
        MilterCommand.Connect => (ProtocolSteps.NoConnect, ProtocolSteps.NoReplyConnect),
        MilterCommand.Helo => (ProtocolSteps.NoHelo, ProtocolSteps.NoReplyHelo),
        MilterCommand.Mail => (ProtocolSteps.NoMail, ProtocolSteps.NoReplyMail),
        MilterCommand.Rcpt => (ProtocolSteps.NoRcpt, ProtocolSteps.NoReplyRcpt),
        MilterCommand.Data => (ProtocolSteps.NoData, ProtocolSteps.NoReplyData),
        MilterCommand.Header => (ProtocolSteps.NoHeaders, ProtocolSteps.NoReplyHeader),
        MilterCommand.EndOfHeaders => (ProtocolSteps.NoEndOfHeaders, ProtocolSteps.NoReplyEndOfHeaders),
        MilterCommand.Body => (ProtocolSteps.NoBody, ProtocolSteps.NoReplyBody),
        MilterCommand.Unknown => (ProtocolSteps.NoUnknown, ProtocolSteps.NoReplyUnknown),
        _ => default,
    };

    /// <summary>Whether the MTA waits for an answer where nothing else was negotiated.</summary>
    public static bool Waits(MilterCommand command) =>
        command is not (MilterCommand.Abort or MilterCommand.QuitNewConnection or MilterCommand.Quit or MilterCommand.Macro);
}
