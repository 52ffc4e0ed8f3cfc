using Milter.Limits;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>The edits of one message: collected while the handlers of EOM run, written in one order that means the same to every MTA.</summary>
/// <remarks>
/// One a connection: <see cref="Begin"/> before EOM's handlers, <see cref="WriteTo"/> with their verdict, <see cref="Revoke"/>, and <see cref="Reset"/> before the
/// next message. <see cref="Renew"/> instead of these where a handler may still be running.
/// </remarks>
/// <param name="options">Says how much of what is to be sent stays in memory.</param>
/// <param name="limits">What all connections share.</param>
internal sealed class EditPlan(MilterOptions options, ProcessLimits limits) : IDisposable
{
    private PlanScope _scope = new();
    private Message? _message;
    private HeaderEdits? _headers;
    private EnvelopeEdits? _envelope;
    private HeaderEditor? _headerEditor;
    private HeaderAdder? _headerAdder;
    private EnvelopeEditor? _envelopeEditor;
    private BodyEditor? _bodyEditor;
    private Quarantine? _quarantine;
    private Progress? _progress;
    private MessageActions? _messageActions;

    // Each is made when a filter first takes it: most take one, and an idle connection has none.
    public HeaderEditor HeaderEditor => _headerEditor ??= new HeaderEditor(_scope, Headers());

    public HeaderAdder HeaderAdder => _headerAdder ??= new HeaderAdder(_scope, Headers());

    public EnvelopeEditor EnvelopeEditor => _envelopeEditor ??= new EnvelopeEditor(_scope, Envelope());

    public BodyEditor BodyEditor => _bodyEditor ??= new BodyEditor(_scope, () => new NewBody(options, limits), _message?.Body);

    public Quarantine Quarantine => _quarantine ??= new Quarantine(_scope);

    public Progress Progress => _progress ??= new Progress(_scope);

    public MessageActions MessageActions => _messageActions ??= new MessageActions(_scope, new Packets(options, limits));

    /// <summary>Opens the capabilities for a message.</summary>
    /// <param name="agreed">The actions that were negotiated.</param>
    /// <param name="space">Who writes the space behind the colon of a field.</param>
    /// <param name="seen">The header fields that the filter was shown, at least by name.</param>
    /// <param name="envelope">The envelope as far as it was collected.</param>
    /// <param name="body">The body, or <see langword="null"/> where it was not collected.</param>
    /// <param name="sink">Takes progress notices.</param>
    /// <param name="degrade">Whether edits that were not agreed are dropped and counted instead of refused.</param>
    public void Begin(MilterActions agreed, ColonSpace space, MessageHeaders seen, MessageEnvelope envelope, MessageBody? body, IProgressSink sink, bool degrade = false)
    {
        Reset();
        _scope.Begin(agreed, space, envelope, degrade, sink);
        _message = new Message(seen, envelope, body);
        _headers?.Begin(seen);
        _envelope?.Begin(envelope);
        _bodyEditor?.Begin(body);
    }

    /// <summary>Puts the modifications into an outbox, without the verdict: all of them, or, where one can't be written, none.</summary>
    /// <param name="output">The outbox.</param>
    /// <param name="verdict">The verdict that follows.</param>
    /// <param name="told">Gets each of them in words, where somebody reads them.</param>
    public PlanOutcome WriteTo(Outbox output, Verdict verdict, List<ToldEdit>? told = null)
    {
        FrameBuffer front = output.Writer;
        int before = front.Length;
        FrameBuffer? rest = null;
        OutSource? body = null;
        bool mayHold = verdict.Kind is VerdictKind.Continue or VerdictKind.Accept;
        var tally = new EditTally(told);
        try
        {
            _headers?.WriteTo(front, _scope.Space, ref tally);
            if (_bodyEditor is { IsReplaced: true } editor)
            {
                tally.Add(EditKind.Body, 1, editor.Measure());
                body = editor.MoveTo(front);
            }

            FrameBuffer behind = body is null ? front : rest = new FrameBuffer();
            _envelope?.WriteTo(behind, ref tally);
            if (mayHold)
            {
                _quarantine?.WriteTo(behind, ref tally);
            }
        }
        catch
        {
            front.Truncate(before);
            body?.Dispose();
            rest?.Dispose();
            throw;
        }

        if (body is not null)
        {
            output.Add(body);
            front.TakeFrom(rest!);
            rest!.Dispose();
        }

        if (_messageActions is { Count: > 0 } actions)
        {
            tally.Add(EditKind.Packet, actions.Count, actions.Count);
            actions.MoveTo(output);
        }

        return new PlanOutcome(tally.Counts, _scope.Dropped, !mayHold && _quarantine is { IsHeld: true }, _bodyEditor?.LongLines ?? default);
    }

    /// <summary>Opens the message as it would be delivered by now.</summary>
    /// <param name="hasSpace">Whether header values came with the space behind the colon.</param>
    /// <param name="unforeseen">Why that can't be said for certain, if it can't.</param>
    public Stream OpenEdited(bool hasSpace, out string? unforeseen)
    {
        _scope.ThrowIfLate();
        HeaderEdits headers = Headers();
        unforeseen = headers.Unforeseen ?? (_messageActions is { Count: > 0 } ? "MessageActions has packets of its own" : null);
        var block = new HeaderBlock();
        headers.WriteTo(block, hasSpace, _scope.Space);
        block.Finish();
        MessageBody body = _message!.Value.Body!;
        return new EditedStream(
            block.Bytes.ToArray(),
            _bodyEditor is { IsReplaced: true } editor ? editor.Pieces() : [new BodyPiece(body.Kept, 0, body.Length)],
            _scope);
    }

    /// <summary>Closes the capabilities: using one throws from now on.</summary>
    public void Revoke() => _scope.End();

    /// <summary>Forgets everything, and keeps the memory for the next message.</summary>
    public void Reset()
    {
        Revoke();
        _message = null;
        _headers?.Reset();
        _envelope?.Reset();
        _bodyEditor?.Reset();
        _quarantine?.Reset();
        _messageActions?.Reset();
    }

    /// <summary>Closes the capabilities and takes new ones: a handler that still holds the old ones can't reach the next message, nor memory that it uses.</summary>
    public void Renew()
    {
        Revoke();
        _bodyEditor?.Abandon();
        _scope = new PlanScope();
        (_headers, _envelope) = (null, null);
        (_headerEditor, _headerAdder, _envelopeEditor, _bodyEditor) = (null, null, null, null);
        (_quarantine, _progress, _messageActions) = (null, null, null);
    }

    public void Dispose()
    {
        Reset();
        _bodyEditor?.Release();
        _messageActions?.Release();
    }

    private HeaderEdits Headers()
    {
        if (_headers is null)
        {
            _headers = new HeaderEdits();
            if (_message is { } message)
            {
                _headers.Begin(message.Headers);
            }
        }

        return _headers;
    }

    private EnvelopeEdits Envelope()
    {
        if (_envelope is null)
        {
            _envelope = new EnvelopeEdits();
            if (_message is { } message)
            {
                _envelope.Begin(message.Envelope);
            }
        }

        return _envelope;
    }

    /// <summary>What the filter was shown.</summary>
    private readonly record struct Message(MessageHeaders Headers, MessageEnvelope Envelope, MessageBody? Body);
}
