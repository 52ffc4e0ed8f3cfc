using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>Reads a step's payload: keeps what is asked for of session and message, and readies what handlers see.</summary>
internal readonly struct StepReader(ConversationParts parts)
{
    private static readonly Verdict s_tooManyHeaders = Verdict.Reject(552, "5.3.4", "Message header too large");
    private static readonly Verdict s_noStorage = Verdict.TempFail(452, "4.3.1", "Insufficient system storage, please try again");

    /// <summary>A message begins: where memory or disk is used up, it is refused before it can take more.</summary>
    public void CheckStorage()
    {
        if (parts.Settings.Limits.Memory.IsOver)
        {
            RefuseForStorage(nameof(MilterOptions.MemoryBudget));
        }
        else if (parts.Settings.Limits.Spool.IsOver && (parts.Settings.Descriptor.Collects & CollectedData.Body) != 0)
        {
            RefuseForStorage(nameof(MilterOptions.SpoolBudget));
        }
    }

    /// <summary>Takes the step's data. For header fields there is <see cref="TryTakeHeader"/>.</summary>
    /// <param name="step">The step.</param>
    /// <param name="facts">What is known of the session.</param>
    /// <param name="error">What is wrong with the payload.</param>
    public bool TryTake(StepInfo step, SessionFacts facts, out string? error)
    {
        error = null;
        ReadOnlySpan<byte> payload = parts.Frame.Payload;
        switch (step.Command)
        {
            case MilterCommand.Connect:
                return TryTakeConnect(payload, facts, out error);
            case MilterCommand.Helo:
                TakeText(payload);
                facts.SetHelo(parts.Frame.DataBytes);
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

    /// <summary>Takes a header field: most steps are these.</summary>
    /// <param name="facts">What is known of the session.</param>
    /// <param name="error">What is wrong with the payload.</param>
    public bool TryTakeHeader(SessionFacts facts, out string? error)
    {
        if (!HeaderPayload.TryRead(parts.Frame.Payload, out HeaderPayload header, out error))
        {
            return false;
        }

        int hidden = facts.Terms.HidesHeaderSpace && header.Value is [(byte)' ', ..] ? 1 : 0;
        parts.Frame.Show(header.Name.Length + 1 + hidden, header.Value.Length - hidden, header.Name.Length);
        parts.Message.Observation?.Header(header.Name, header.Value);
        if (parts.Message.Phase == MessagePhase.Open && !parts.Message.State.TryAddHeader(header.Name, header.Value, hidden) && parts.Standing.Pending.IsContinue)
        {
            RefuseForHeaders(facts);
        }

        return true;
    }

    /// <summary>Takes a chunk of the body.</summary>
    public void TakeBody(ReadOnlySpan<byte> chunk)
    {
        if (parts.Message.Phase != MessagePhase.Open)
        {
            return;
        }

        MessageBody body = parts.Message.State.Body;
        bool hadEnough = body.HasEnough;
        parts.Message.State.AppendBody(chunk);
        if (!body.HasEnough || hadEnough)
        {
            return;
        }

        if (!body.IsOutOfSpool)
        {
            parts.Settings.Observer.LimitReached(body.IsOverCap ? nameof(MilterOptions.MaxBodySize) : nameof(MilterOptions.SpoolFolder), "the body is not available to handlers that take MessageBody");
        }
        else if (parts.Standing.Pending.IsContinue)
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

        if (!parts.Standing.IsConnected)
        {
            facts.SetConnect(connect);
        }

        return true;
    }

    private void TakeText(ReadOnlySpan<byte> payload) => parts.Frame.Show(0, TextPayload.Read(payload).Length);

    private bool TryTakeAddress(StepInfo step, ReadOnlySpan<byte> payload, SessionFacts facts, out string? error)
    {
        if (!EnvelopePayload.TryRead(payload, out EnvelopePayload address, out error))
        {
            return false;
        }

        parts.Frame.Show(0, address.Address.Length);
        TakeAddress(step, payload, facts);
        return true;
    }

    private void TakeAddress(StepInfo step, ReadOnlySpan<byte> payload, SessionFacts facts)
    {
        if (step.Command == MilterCommand.Mail)
        {
            parts.Message.Observation?.Address(step.Stage, parts.Frame.DataBytes);
            parts.Message.State.SetSender(payload);
            parts.Message.IsNonSmtp = facts.IsNonSmtp(parts.Frame.DataBytes);
            return;
        }

        bool isFresh = parts.Message.HasRecipientMacros;
        parts.Message.HasRecipientMacros = false;
        parts.Message.IsRejected = isFresh && facts.Terms.Has(ProtocolSteps.RejectedRecipients)
            && facts.Macros.Find("rcpt_mailer"u8, out _).SequenceEqual("error"u8);
        facts.Macros.EndRecipients();
        if (!parts.Message.IsRejected)
        {
            parts.Message.Observation?.Address(step.Stage, parts.Frame.DataBytes);
        }
    }

    private void RefuseForHeaders(SessionFacts facts)
    {
        parts.Standing.Pending = s_tooManyHeaders;
        SessionLog.OverLimit(parts.Settings.Logger, facts.ConnectionId, facts.QueueId, "header fields");
        parts.Settings.Observer.LimitReached(nameof(MilterOptions.MaxHeaderSize), null);
    }

    private void RefuseForStorage(string option)
    {
        parts.Standing.Pending = s_noStorage;
        parts.Settings.Observer.LimitReached(option, "messages that begin or grow are refused with 452 4.3.1");
    }
}
