using Milter.Protocol;

namespace Milter.Message;

/// <summary>The edits of one message: collected while the handlers of EOM run, written in one order that means the same to every MTA.</summary>
/// <remarks>
/// One a connection: <see cref="Begin"/> before EOM's handlers, <see cref="WriteTo"/> with their verdict, <see cref="Revoke"/>, and <see cref="Reset"/> before the
/// next message. <see cref="Renew"/> instead of these where a handler may still be running.
/// </remarks>
internal sealed class EditPlan : IDisposable
{
    private PlanScope _scope = null!;
    private HeaderEdits _headers = null!;
    private EnvelopeEdits _envelope = null!;
    private FrameBuffer _body = null!;
    private FrameBuffer _packets = null!;

    public EditPlan() => Make();

    public HeaderEditor HeaderEditor { get; private set; } = null!;

    public HeaderAdder HeaderAdder { get; private set; } = null!;

    public EnvelopeEditor EnvelopeEditor { get; private set; } = null!;

    public BodyEditor BodyEditor { get; private set; } = null!;

    public Quarantine Quarantine { get; private set; } = null!;

    public Progress Progress { get; private set; } = null!;

    public MessageActions MessageActions { get; private set; } = null!;

    /// <summary>Opens the capabilities for a message.</summary>
    /// <param name="agreed">The actions that were negotiated.</param>
    /// <param name="leadingSpace">Whether <c>SMFIP_HDR_LEADSPC</c> was: the space after the colon is then ours to write.</param>
    /// <param name="seen">The header fields that the filter was shown, at least by name.</param>
    /// <param name="envelope">The envelope as far as it was collected.</param>
    /// <param name="sink">Takes progress notices.</param>
    /// <param name="degrade">Whether edits that were not agreed are dropped and counted instead of refused.</param>
    public void Begin(MilterActions agreed, bool leadingSpace, MessageHeaders seen, MessageEnvelope envelope, IProgressSink sink, bool degrade = false)
    {
        Reset();
        bool allowsUtf8 = envelope.HasSender && envelope.Sender.IsSmtpUtf8;
        _scope.Begin(agreed, leadingSpace, allowsUtf8, degrade, sink);
        _headers.Begin(seen);
        _envelope.Begin(envelope);
    }

    /// <summary>Writes the modifications, without the verdict.</summary>
    public PlanOutcome WriteTo(FrameBuffer output, Verdict verdict)
    {
        int sent = _headers.WriteTo(output, _scope.LeadingSpace);
        sent += BodyEditor.WriteTo(output);
        sent += _envelope.WriteTo(output);
        bool mayHold = verdict.Kind is VerdictKind.Continue or VerdictKind.Accept;
        if (mayHold)
        {
            sent += Quarantine.WriteTo(output);
        }

        sent += MessageActions.WriteTo(output);
        return new PlanOutcome(sent, _scope.Dropped, !mayHold && Quarantine.IsHeld);
    }

    /// <summary>Closes the capabilities: using one throws from now on.</summary>
    public void Revoke() => _scope.End();

    /// <summary>Forgets everything, and keeps the memory for the next message.</summary>
    public void Reset()
    {
        Revoke();
        _headers.Reset();
        _envelope.Reset();
        BodyEditor.Reset();
        Quarantine.Reset();
        MessageActions.Reset();
    }

    /// <summary>Closes the capabilities and takes new ones: a handler that still holds the old ones can't reach the next message, nor memory that it uses.</summary>
    public void Renew()
    {
        Revoke();
        Make();
    }

    public void Dispose()
    {
        Reset();
        _body.Dispose();
        _packets.Dispose();
    }

    private void Make()
    {
        _scope = new PlanScope();
        _headers = new HeaderEdits();
        _envelope = new EnvelopeEdits();
        _body = new FrameBuffer();
        _packets = new FrameBuffer();
        HeaderEditor = new HeaderEditor(_scope, _headers);
        HeaderAdder = new HeaderAdder(_scope, _headers);
        EnvelopeEditor = new EnvelopeEditor(_scope, _envelope);
        BodyEditor = new BodyEditor(_scope, _body);
        Quarantine = new Quarantine(_scope);
        Progress = new Progress(_scope);
        MessageActions = new MessageActions(_scope, _packets);
    }
}
