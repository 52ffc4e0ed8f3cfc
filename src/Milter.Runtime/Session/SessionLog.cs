using Microsoft.Extensions.Logging;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>What sessions log. Event ids 200 to 299; an id is never used again for something else.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(200, LogLevel.Debug, "{Connection}: agreed on version {Version}, actions {Actions}, steps {Steps}")]
    public static partial void Negotiated(ILogger logger, string connection, uint version, MilterActions actions, ProtocolSteps steps);

    [LoggerMessage(201, LogLevel.Error, "{Connection}: the MTA offers version {Version} of the protocol; versions from 2 on are spoken (Postfix: milter_protocol). The connection is closed")]
    public static partial void VersionTooOld(ILogger logger, string connection, uint version);

    [LoggerMessage(202, LogLevel.Error, "{Connection}: the MTA does not offer {Missing}, which {Who} requires; policy: {Policy}. Make the parameter nullable if the filter can do without")]
    public static partial void MissingCapability(ILogger logger, string connection, MilterActions missing, string who, MissingCapability policy);

    [LoggerMessage(203, LogLevel.Warning, "{Connection} from {Peer}: not the milter protocol: {What}{Looks}. The connection is closed")]
    public static partial void Garbage(ILogger logger, string connection, string peer, string what, string looks);

    [LoggerMessage(204, LogLevel.Error, "{Connection} {QueueId}: the handler of {Stage} failed; verdict: {Verdict}")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string connection, string? queueId, MilterStages stage, VerdictKind verdict);

    [LoggerMessage(205, LogLevel.Error, "{Connection} {QueueId}: the handler of {Stage} has used up its time; verdict: {Verdict}")]
    public static partial void HandlerExpired(ILogger logger, string connection, string? queueId, MilterStages stage, VerdictKind verdict);

    [LoggerMessage(206, LogLevel.Warning, "{Connection} {QueueId}: {Verdict} is not a legal verdict of {Stage}; {Instead} is sent instead")]
    public static partial void VerdictReplaced(ILogger logger, string connection, string? queueId, VerdictKind verdict, MilterStages stage, VerdictKind instead);

    [LoggerMessage(207, LogLevel.Warning, "{Connection} {QueueId}: the quarantine is left out, since the verdict is {Verdict}")]
    public static partial void QuarantineLeftOut(ILogger logger, string connection, string? queueId, VerdictKind verdict);

    [LoggerMessage(208, LogLevel.Warning, "{Connection} {QueueId}: {Count} edits are left out, since the MTA does not offer them")]
    public static partial void EditsDropped(ILogger logger, string connection, string? queueId, int count);

    [LoggerMessage(209, LogLevel.Error, "{Connection} {QueueId}: something that belongs to the filter could not be reset or disposed of")]
    public static partial void DisposeFailed(ILogger logger, Exception exception, string connection, string? queueId);

    [LoggerMessage(211, LogLevel.Warning, "{Connection} {QueueId}: the message has more {What} than are collected (options MaxHeaderFields, MaxHeaderSize, MaxRecipients), and is refused")]
    public static partial void OverLimit(ILogger logger, string connection, string? queueId, string what);

    [LoggerMessage(216, LogLevel.Warning, "{Connection} {QueueId}: the new body has {Count} lines of more than 998 bytes, the longest of {Longest}: the MTA breaks them when it sends the message on, after signers have seen them whole. Encode such a body (quoted-printable, base64)")]
    public static partial void LongLines(ILogger logger, string connection, string? queueId, int count, long longest);

    [LoggerMessage(210, LogLevel.Information, "{Connection} {QueueId}: {Outcome}{Decided}; edits: {Edits}{What}, waits: {Waits}, {Milliseconds} ms; client {Client}, from {Sender}, to {Recipients}, message-id {MessageId}, subject {Subject}")]
    public static partial void MessageEnded(
        ILogger logger,
        string connection,
        string queueId,
        MessageOutcome outcome,
        string decided,
        int edits,
        string what,
        int waits,
        long milliseconds,
        string client,
        string sender,
        string recipients,
        string messageId,
        string subject);
}
