using Microsoft.Extensions.Logging;
using Milter;

namespace Samples.Logging;

/// <summary>Logs every event and decides nothing: pymilter's <c>Milter.Milter</c>. The MTA waits for nothing but the end of the message.</summary>
[Milter]
internal sealed partial class EventLog(ILogger<EventLog> logger)
{
    [PerMessage] private long _bytes;

    [OnConnect]
    private void Connect(ConnectInfo? client, MilterContext context) => LogEvent(context.ConnectionId, "connect from", client?.ToString() ?? "unknown");

    [OnHelo]
    private void Helo(string name, MilterContext context) => LogEvent(context.ConnectionId, "hello from", name);

    [OnMail]
    private void Mail(EnvelopeAddress sender, MilterContext context) => LogEvent(IdOf(context), "mail from", sender.Raw);

    [OnRcpt]
    private void Rcpt(EnvelopeAddress recipient, MilterContext context) => LogEvent(IdOf(context), "rcpt to", recipient.Raw);

    [OnRejectedRcpt]
    private void Rejected(EnvelopeAddress recipient, MilterContext context) => LogEvent(IdOf(context), "rcpt refused by the MTA", recipient.Raw);

    [OnData]
    private void Data(MilterContext context) => LogEvent(IdOf(context), "data", "");

    [OnHeader]
    private void Header(HeaderField field, MilterContext context) => LogEvent(IdOf(context), "header", field.ToString());

    [OnEoh]
    private void Eoh(MilterContext context) => LogEvent(IdOf(context), "eoh", "");

    [OnBody]
    private void Body(ReadOnlySpan<byte> piece) => _bytes += piece.Length;

    [OnEom]
    private void Eom(MilterContext context) => LogEvent(IdOf(context), "eom", $"{_bytes} bytes of body");

    [OnAbort]
    private void Abort(MilterContext context) => LogEvent(IdOf(context), "abort", "");

    [OnUnknown]
    private void Unknown(string command, MilterContext context) => LogEvent(context.ConnectionId, "unknown command", command);

    [OnClose]
    private void Close(MilterContext context) => LogEvent(context.ConnectionId, "close", "");

    private static string IdOf(MilterContext context) => context.QueueId is { Length: > 0 } queueId ? $"{context.ConnectionId} {queueId}" : context.ConnectionId;

    // What a sender puts into a field may move a terminal's cursor, or look like a line of another message.
    private void LogEvent(string id, string what, string detail) => Event(logger, id, what, string.Concat(detail.Select(static c => char.IsControl(c) ? ' ' : c)));

    [LoggerMessage(1, LogLevel.Information, "{Id}: {What} {Detail}")]
    private static partial void Event(ILogger logger, string id, string what, string detail);
}
