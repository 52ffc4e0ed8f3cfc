using Microsoft.Extensions.Logging;

namespace Milter.Telemetry;

/// <summary>What servers and connections log. Event ids 100 to 199; an id is never used again for something else. (Sessions have 200 to 299.)</summary>
internal static partial class TransportLog
{
    [LoggerMessage(100, LogLevel.Information, "{Milter} listens on {EndPoint}")]
    public static partial void Listening(ILogger logger, string milter, MilterEndPoint endPoint);

    [LoggerMessage(101, LogLevel.Debug, "{Connection}: connected from {Peer}")]
    public static partial void ConnectionOpened(ILogger logger, string connection, object peer);

    [LoggerMessage(102, LogLevel.Debug, "{Connection}: closed ({End})")]
    public static partial void ConnectionClosed(ILogger logger, string connection, ConnectionEnd end);

    [LoggerMessage(103, LogLevel.Error, "{Connection} from {Peer}: the engine failed, and the connection is closed. This is a bug in AttrMilter or in generated code")]
    public static partial void ConnectionFailed(ILogger logger, Exception exception, string connection, string peer);

    [LoggerMessage(104, LogLevel.Warning, "{Connection}: a handler blocked its thread until its time was spent; the session goes on without it. Make the handler asynchronous, or have it watch its CancellationToken")]
    public static partial void OwnerReplaced(ILogger logger, string connection);

    [LoggerMessage(105, LogLevel.Warning, "{Milter}: the limit of {Limit} connections is reached; {Peer}, and whoever else is over it, is told 421 at MAIL (option MaxConnections; Postfix opens one a smtpd process: default_process_limit)")]
    public static partial void OverLimit(ILogger logger, string milter, int limit, string peer);

    [LoggerMessage(106, LogLevel.Error, "{Milter}: can't take connections ({Reason}); trying again. When out of file descriptors, raise LimitNOFILE= or set MaxConnections")]
    public static partial void AcceptFailed(ILogger logger, Exception? exception, string milter, string reason);

    [LoggerMessage(107, LogLevel.Information, "{Milter}: stopping; {Count} sessions have {Time} to end")]
    public static partial void Draining(ILogger logger, string milter, int count, TimeSpan time);

    [LoggerMessage(108, LogLevel.Warning, "{Milter}: {Count} sessions did not end by themselves and are cut")]
    public static partial void DrainExpired(ILogger logger, string milter, int count);

    [LoggerMessage(109, LogLevel.Error, "{Milter}: {Count} handlers do not return and are left behind")]
    public static partial void HandlersLeftBehind(ILogger logger, string milter, int count);

    [LoggerMessage(110, LogLevel.Information, "{Milter}: stopped")]
    public static partial void Stopped(ILogger logger, string milter);

    [LoggerMessage(111, LogLevel.Warning, "{Handler} {What} its thread {Count} times in the last {Seconds} s, p99 {Milliseconds} ms. Other connections went on, at the cost of a thread each time. What waits should be asynchronous, or have in memory what it waits for; what computes belongs into an awaited Task.Run, at EOM where there is most time. More: {Address}")]
    public static partial void HandlerBlocks(ILogger logger, string handler, string what, int count, long seconds, long milliseconds, string address);

    [LoggerMessage(112, LogLevel.Warning, "{Milter}: a limit is reached: {Limit}; {Outcome}")]
    public static partial void LimitReached(ILogger logger, string milter, string limit, string outcome);

    [LoggerMessage(113, LogLevel.Warning, "{Connection} {QueueId}: memory is scarce (option MemoryBudget), and this MTA has taken nothing of {Unsent} bytes for 30 s: the connection is closed")]
    public static partial void EndedForShortage(ILogger logger, string connection, string queueId, long unsent);

    [LoggerMessage(114, LogLevel.Critical, "{Milter}: {What}. The process ends, so that it is started again")]
    public static partial void Dies(ILogger logger, Exception? exception, string milter, string what);

    [LoggerMessage(115, LogLevel.Warning, "{Milter}: {Count} more connections brought what is not the milter protocol")]
    public static partial void MoreGarbage(ILogger logger, string milter, long count);

    [LoggerMessage(116, LogLevel.Information, "{Milter}: the configuration was read again; connections from now on have it")]
    public static partial void Reloaded(ILogger logger, string milter);

    [LoggerMessage(117, LogLevel.Warning, "{Milter}: {Options} changed, which takes a restart; until then the old one holds")]
    public static partial void NeedsRestart(ILogger logger, string milter, string options);

    [LoggerMessage(118, LogLevel.Error, "The new configuration is wrong, and the old one stays: {Complaints}")]
    public static partial void NotReloaded(ILogger logger, string complaints);

    [LoggerMessage(119, LogLevel.Warning, "{Milter}: {Peer} may not connect, and was closed before the negotiation (options AllowedNetworks for TCP, AllowedUsers and AllowedGroups for unix sockets)")]
    public static partial void Denied(ILogger logger, string milter, object peer);

    [LoggerMessage(121, LogLevel.Warning, "{Milter}: {Peer} was closed, since TLS did not come about: {Reason}")]
    public static partial void NotSecured(ILogger logger, string milter, object peer, string reason);

    [LoggerMessage(122, LogLevel.Error, "{Milter}: the file of its socket was taken away, and MTAs don't find it any more. It is made again as soon as that can be done. {Reason}")]
    public static partial void SocketGone(ILogger logger, string milter, string reason);

    [LoggerMessage(120, LogLevel.Warning, "{Milter}: {Count} more connections of those who may not connect were closed")]
    public static partial void MoreDenied(ILogger logger, string milter, long count);
}
