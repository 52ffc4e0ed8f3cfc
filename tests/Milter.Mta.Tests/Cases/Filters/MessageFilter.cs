using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Collects everything without a wait but that at EOM, and tells there what it has of the message.</summary>
/// <param name="journal">Gets a line a message; and a line for each end.</param>
[Milter]
public sealed partial class MessageFilter(Journal journal)
{
    [PerMessage]
    private int _headers;

    [PerMessage]
    private long _body;

    private int _messages;

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
        _messages++;
        string to = string.Join(',', envelope.Recipients.Select(recipient => recipient.Address));
        journal.Add($"{_messages}: {client?.IsLocal} {helo} <{envelope.Sender.Address}> {to} '{subject}' {_headers}={seen.Count} {_body}={body.Length} {body.State} {queueId is not null && queueId == context.QueueId}");
        headers.Add("X-Message", $"{_messages}");
        return Verdict.Continue;
    }

    [OnClose]
    private void Closed() => journal.Add("closed");
}
