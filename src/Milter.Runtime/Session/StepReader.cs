using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>Reads a step's payload: keeps what is asked for of session and message, and readies what handlers see.</summary>
internal sealed class StepReader(SessionSettings settings, StepFrame frame, MessageCycle message, Standing standing)
{
    private static readonly Verdict s_tooManyHeaders = Verdict.Reject(552, "5.3.4", "Message header too large");
    private static readonly Verdict s_noStorage = Verdict.TempFail(452, "4.3.1", "Insufficient system storage, please try again");

    private bool _hasRecipientMacros;

    /// <summary>Macros of RCPT have come, which say whether the MTA itself refuses the recipient.</summary>
    public void NoteRecipientMacros() => _hasRecipientMacros = true;

    public void EndMessage() => _hasRecipientMacros = false;

    /// <summary>A message begins: where memory or disk is used up, it is refused before it can take more.</summary>
    public void CheckStorage()
    {
        if (settings.Limits.Memory.IsOver)
        {
            RefuseForStorage(nameof(MilterOptions.MemoryBudget));
        }
        else if (settings.Limits.Spool.IsOver && (settings.Descriptor.Collects & CollectedData.Body) != 0)
        {
            RefuseForStorage(nameof(MilterOptions.SpoolBudget));
        }
    }

    /// <summary>Takes the step's data.</summary>
    /// <param name="step">The step.</param>
    /// <param name="facts">What is known of the session.</param>
    /// <param name="error">What is wrong with the payload.</param>
    public bool TryTake(StepInfo step, SessionFacts facts, out string? error)
    {
        error = null;
        ReadOnlySpan<byte> payload = frame.Payload;
        switch (step.Command)
        {
            case MilterCommand.Header:
                return TryTakeHeader(payload, facts, out error);
            case MilterCommand.Connect:
                return TryTakeConnect(payload, facts, out error);
            case MilterCommand.Helo:
                TakeText(payload);
                facts.SetHelo(frame.DataBytes);
                return true;
            case MilterCommand.Unknown:
                TakeText(payload);
                return true;
            case MilterCommand.Mail or MilterCommand.Rcpt:
                return TryTakeAddress(step, payload, facts, out error);
            case MilterCommand.Body:
                TakeBody(payload);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Takes a chunk of the body.</summary>
    public void TakeBody(ReadOnlySpan<byte> chunk)
    {
        if (message.Phase != MessagePhase.Open)
        {
            return;
        }

        MessageBody body = message.State.Body;
        bool hadEnough = body.HasEnough;
        message.State.AppendBody(chunk);
        if (!body.HasEnough || hadEnough)
        {
            return;
        }

        if (!body.IsOutOfSpool)
        {
            settings.Observer.LimitReached(body.IsOverCap ? nameof(MilterOptions.MaxBodySize) : nameof(MilterOptions.SpoolFolder), "the body is not available to handlers that take MessageBody");
        }
        else if (standing.Pending.IsContinue)
        {
            RefuseForStorage(nameof(MilterOptions.SpoolBudget));
        }
    }

    private bool TryTakeConnect(ReadOnlySpan<byte> payload, SessionFacts facts, out string? error)
    {
        if (!ConnectPayload.TryRead(payload, out ConnectPayload connect, out error))
        {
            return false;
        }

        if (!standing.IsConnected)
        {
            facts.SetConnect(connect);
        }

        return true;
    }

    private void TakeText(ReadOnlySpan<byte> payload) => frame.Show(0, TextPayload.Read(payload).Length);

    private bool TryTakeAddress(StepInfo step, ReadOnlySpan<byte> payload, SessionFacts facts, out string? error)
    {
        if (!EnvelopePayload.TryRead(payload, out EnvelopePayload address, out error))
        {
            return false;
        }

        frame.Show(0, address.Address.Length);
        TakeAddress(step, payload, facts);
        return true;
    }

    private bool TryTakeHeader(ReadOnlySpan<byte> payload, SessionFacts facts, out string? error)
    {
        if (!HeaderPayload.TryRead(payload, out HeaderPayload header, out error))
        {
            return false;
        }

        int hidden = facts.Terms.HidesHeaderSpace && header.Value is [(byte)' ', ..] ? 1 : 0;
        frame.Show(header.Name.Length + 1 + hidden, header.Value.Length - hidden, header.Name.Length);
        message.Observation?.Header(header.Name, header.Value);
        if (message.Phase == MessagePhase.Open && !message.State.TryAddHeader(header.Name, header.Value, hidden) && standing.Pending.IsContinue)
        {
            RefuseForHeaders(facts);
        }

        return true;
    }

    private void TakeAddress(StepInfo step, ReadOnlySpan<byte> payload, SessionFacts facts)
    {
        if (step.Command == MilterCommand.Mail)
        {
            message.Observation?.Address(step.Stage, frame.DataBytes);
            message.State.SetSender(payload);
            message.IsNonSmtp = facts.IsNonSmtp(frame.DataBytes);
            return;
        }

        bool isFresh = _hasRecipientMacros;
        _hasRecipientMacros = false;
        message.IsRejected = isFresh && facts.Terms.Has(ProtocolSteps.RejectedRecipients)
            && facts.Macros.Find("rcpt_mailer"u8, out _).SequenceEqual("error"u8);
        facts.Macros.EndRecipients();
        if (!message.IsRejected)
        {
            message.Observation?.Address(step.Stage, frame.DataBytes);
        }
    }

    private void RefuseForHeaders(SessionFacts facts)
    {
        standing.Pending = s_tooManyHeaders;
        SessionLog.OverLimit(settings.Logger, facts.ConnectionId, facts.QueueId, "header fields");
        settings.Observer.LimitReached(nameof(MilterOptions.MaxHeaderSize), null);
    }

    private void RefuseForStorage(string option)
    {
        standing.Pending = s_noStorage;
        settings.Observer.LimitReached(option, "messages that begin or grow are refused with 452 4.3.1");
    }
}
