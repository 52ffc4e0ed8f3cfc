using System.Collections.Immutable;

namespace Milter.Generators.Model;

/// <summary>Everything that differs from stage to stage. A new stage is one more row here.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Handler">The attribute without its ending, which is also the dispatcher's member: <c>OnMail</c>.</param>
/// <param name="Word">What the protocol calls it.</param>
/// <param name="Step">The step on the wire that brings it, or none.</param>
/// <param name="NotSent">The flag that switches the step off.</param>
/// <param name="NoReply">The flag that waives its reply.</param>
/// <param name="CanReply">Whether a verdict can be given there.</param>
/// <param name="Macros">
/// Where a macro is asked for that the table of macros does not know. HEADER has no list of its own: Postfix sends the list of EOH with it; BODY goes with EOM likewise.
/// UNKNOWN and the session's end ask at HELO, the last list of the session; ABORT asks at MAIL, the only step that an aborted message has had for certain.
/// </param>
internal sealed record StageInfo(
    Stages Stage,
    string Handler,
    string Word,
    Stages Step,
    ProtocolFlags NotSent,
    ProtocolFlags NoReply,
    bool CanReply,
    MacroStage Macros)
{
    public static readonly ImmutableArray<StageInfo> All = ImmutableArray.Create(
        new StageInfo(Stages.Connect, "OnConnect", "CONNECT", Stages.Connect, ProtocolFlags.NoConnect, ProtocolFlags.NoReplyConnect, CanReply: true, MacroStage.Connect),
        new StageInfo(Stages.Helo, "OnHelo", "HELO", Stages.Helo, ProtocolFlags.NoHelo, ProtocolFlags.NoReplyHelo, CanReply: true, MacroStage.Helo),
        new StageInfo(Stages.Mail, "OnMail", "MAIL", Stages.Mail, ProtocolFlags.NoMail, ProtocolFlags.NoReplyMail, CanReply: true, MacroStage.Mail),
        new StageInfo(Stages.Rcpt, "OnRcpt", "RCPT", Stages.Rcpt, ProtocolFlags.NoRcpt, ProtocolFlags.NoReplyRcpt, CanReply: true, MacroStage.Rcpt),
        new StageInfo(Stages.RejectedRcpt, "OnRejectedRcpt", "refused RCPT", Stages.Rcpt, ProtocolFlags.None, ProtocolFlags.None, CanReply: false, MacroStage.Rcpt),
        new StageInfo(Stages.Data, "OnData", "DATA", Stages.Data, ProtocolFlags.NoData, ProtocolFlags.NoReplyData, CanReply: true, MacroStage.Data),
        new StageInfo(Stages.Header, "OnHeader", "HEADER", Stages.Header, ProtocolFlags.NoHeaders, ProtocolFlags.NoReplyHeader, CanReply: true, MacroStage.EndOfHeaders),
        new StageInfo(Stages.Eoh, "OnEoh", "EOH", Stages.Eoh, ProtocolFlags.NoEndOfHeaders, ProtocolFlags.NoReplyEndOfHeaders, CanReply: true, MacroStage.EndOfHeaders),
        new StageInfo(Stages.Body, "OnBody", "BODY", Stages.Body, ProtocolFlags.NoBody, ProtocolFlags.NoReplyBody, CanReply: true, MacroStage.EndOfMessage),
        new StageInfo(Stages.Eom, "OnEom", "EOM", Stages.Eom, ProtocolFlags.None, ProtocolFlags.None, CanReply: true, MacroStage.EndOfMessage),
        new StageInfo(Stages.Unknown, "OnUnknown", "UNKNOWN", Stages.Unknown, ProtocolFlags.NoUnknown, ProtocolFlags.NoReplyUnknown, CanReply: true, MacroStage.Helo),
        new StageInfo(Stages.Abort, "OnAbort", "ABORT", Stages.None, ProtocolFlags.None, ProtocolFlags.None, CanReply: false, MacroStage.Mail),
        new StageInfo(Stages.MessageEnd, "OnMessageEnd", "end of message", Stages.None, ProtocolFlags.None, ProtocolFlags.None, CanReply: false, MacroStage.EndOfMessage),
        new StageInfo(Stages.Close, "OnClose", "end of session", Stages.None, ProtocolFlags.None, ProtocolFlags.None, CanReply: false, MacroStage.Helo));

    /// <summary>Gets the attribute's full name.</summary>
    public string Attribute { get; } = $"Milter.{Handler}Attribute";

    /// <summary>Gets a value indicating whether this is a step that the MTA sends, and not only a stage made of one.</summary>
    public bool IsStep => Step == Stage;

    /// <summary>Gets a value indicating whether the step can come several times in a message, so that a reply is waited for at each.</summary>
    public bool Repeats => (Stage & (Stages.Rcpt | Stages.Header | Stages.Body)) != 0;

    public static StageInfo Of(Stages stage) => All.First(info => info.Stage == stage);
}
