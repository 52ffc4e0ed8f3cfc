using Milter.CompilerServices;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <content>Steps: what is kept of each, its handlers, its reply.</content>
internal sealed partial class MilterSession
{
    private static readonly Verdict s_closing = Verdict.TempFail(421, "4.3.2", "Service shutting down, please try again");
    private static readonly Verdict s_tooMany = Verdict.TempFail(421, "4.3.2", "Too many connections, please try again");

    private static readonly Verdict s_tooManyHeaders = Verdict.Reject(552, "5.3.4", "Message header too large");
    private static readonly Verdict s_tooManyRecipients = Verdict.TempFail(452, "4.5.3", "Too many recipients");

    private EnvelopeAddress _recipient = new();
    private StepContext _step;
    private StepInfo _current = StepInfo.Of(MilterCommand.Connect)!;
    private Verdict _sessionVerdict;
    private Verdict _pendingOfSession;
    private Verdict _pendingOfMessage;
    private Verdict _refusal;
    private bool _recipientMacros;
    private bool _isRejected;
    private bool _connected;
    private ulong _skipped;
    private bool _sentSkip;

    public EnvelopeAddress StepAddress
    {
        get
        {
            if (_current.Stage == MilterStages.Mail)
            {
                return Message.Envelope.Sender;
            }

            _recipient.Set(_payload.Span);
            return _recipient;
        }
    }

    public bool AllSkipped => System.Numerics.BitOperations.PopCount(_skipped) >= _descriptor.BodyConsumers;

    public bool HasSkipped(int consumer) => (_skipped & (1UL << consumer)) != 0;

    public void MarkSkipped(int consumer) => _skipped |= 1UL << consumer;

    private SessionStatus Step(StepInfo step)
    {
        if (Crosses(step) is { } ended)
        {
            return ended;
        }

        _current = step;
        if (!Take(step, out string? error))
        {
            return Garbage(default, $"{Name(_command)} with {error}");
        }

        return Decided(step) is { } verdict ? Reply(step, VerdictGate.Legal(step.Stage, verdict)) : Run(step, HandlersOf(step), After.CompleteStep);
    }

    // A step that ends the message before it, or begins one.
    private SessionStatus? Crosses(StepInfo step)
    {
        bool ends = step.Command is MilterCommand.Mail or MilterCommand.Helo or MilterCommand.Connect;
        if (ends && (_message is MessagePhase.Open or MessagePhase.RefusedAtData))
        {
            return EndMessage(GivenUp(), After.HandleCommand);
        }

        if (step.Command == MilterCommand.Mail)
        {
            if (Owed() is { } settled)
            {
                return settled;
            }

            BeginMessage();
        }
        else if (step.OfMessage && _message == MessagePhase.None)
        {
            BeginMessage();
        }
        else if (step.Command == MilterCommand.Rcpt && _message == MessagePhase.RefusedAtData)
        {
            // Sendmail keeps the transaction open after a refused DATA.
            _message = MessagePhase.Open;
        }

        return null;
    }

    // Keeps what is asked for, and readies what handlers see.
    private bool Take(StepInfo step, out string? error)
    {
        error = null;
        ReadOnlySpan<byte> payload = _payload.Span;
        StepName = default;
        StepData = _payload;
        switch (step.Command)
        {
            case MilterCommand.Connect:
                if (!ConnectPayload.TryRead(payload, out ConnectPayload connect, out error))
                {
                    return false;
                }

                if (!_connected)
                {
                    _facts.SetConnect(connect);
                }

                break;
            case MilterCommand.Helo:
                StepData = _payload[..TextPayload.Read(payload).Length];
                _facts.SetHelo(StepData.Span);
                break;
            case MilterCommand.Unknown:
                StepData = _payload[..TextPayload.Read(payload).Length];
                break;
            case MilterCommand.Mail:
            case MilterCommand.Rcpt:
                if (!EnvelopePayload.TryRead(payload, out EnvelopePayload address, out error))
                {
                    return false;
                }

                StepData = _payload[..address.Address.Length];
                if (step.Command == MilterCommand.Mail)
                {
                    Message.SetSender(payload);
                    _nonSmtp = _facts.IsNonSmtp(StepData.Span);
                }
                else
                {
                    _isRejected = IsRejectedRecipient();
                    _facts.Macros.EndRecipients();
                }

                break;
            case MilterCommand.Header:
                if (!HeaderPayload.TryRead(payload, out HeaderPayload header, out error))
                {
                    return false;
                }

                StepName = _payload[..header.Name.Length];
                StepData = _payload.Slice(header.Name.Length + 1, header.Value.Length);
                if (_message == MessagePhase.Open && !Message.TryAddHeader(header.Name, header.Value) && _pendingOfMessage.IsContinue)
                {
                    _pendingOfMessage = s_tooManyHeaders;
                    SessionLog.OverLimit(_settings.Logger, ConnectionId, _facts.QueueId, "header fields");
                }

                break;
            case MilterCommand.Body:
                if (_message == MessagePhase.Open)
                {
                    Message.AppendBody(payload);
                }

                break;
        }

        return true;
    }

    private MilterStages HandlersOf(StepInfo step) =>
        step.Command == MilterCommand.Rcpt && _isRejected ? MilterStages.RejectedRcpt : step.Stage;

    private bool IsRejectedRecipient()
    {
        bool fresh = _recipientMacros;
        _recipientMacros = false;
        return fresh && Agreed.Has(ProtocolSteps.RejectedRecipients)
            && _facts.Macros.Find("rcpt_mailer"u8, out _).SequenceEqual("error"u8);
    }
}
