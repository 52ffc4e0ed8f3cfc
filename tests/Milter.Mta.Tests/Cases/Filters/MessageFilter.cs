using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Collects everything without a wait but that at EOM, and tells there what it has of the message.</summary>
/// <param name="journal">Gets a line a message, and one at the end of the session.</param>
/// <param name="began">Gets a line when a message begins.</param>
[Milter]
public sealed partial class MessageFilter(Journal journal, Journal? began = null)
{
    [PerMessage]
    private int _headers;

    [PerMessage]
    private long _body;

    private int _messages;

    [OnMail]
    private void Mail() => began?.Add("mail");

    [OnHeader]
    private void Header() => _headers++;

    [OnBody]
    private void Body(ReadOnlySpan<byte> chunk) => _body += chunk.Length;

    [OnEom]
    private Verdict End(
        ConnectInfo? client,
        [Helo] string? helo,
        [Header("Subject")] string? subject,
        [Macro("i")] string? queueId,
        MessageEnvelope envelope,
        MessageHeaders seen,
        MessageBody body,
        MilterContext context,
        HeaderAdder headers)
    {
#pragma warning disable MILTER110 // It counts the messages of the session.
        _messages++;
#pragma warning restore MILTER110
        string to = string.Join(',', envelope.Recipients.Select(recipient => recipient.Address));
        journal.Add($"{_messages}: {client?.IsLocal} {helo} <{envelope.Sender.Address}> {to} '{subject}' {_headers}={seen.Count} {_body}={body.Length} {body.State} {queueId is not null && queueId == context.QueueId}");
        headers.Add("X-Message", $"{_messages}");
        return Verdict.Continue;
    }

    [OnClose]
    private void Closed() => journal.Add("closed");
}
