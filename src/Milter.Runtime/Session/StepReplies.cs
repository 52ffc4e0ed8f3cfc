using System.Runtime.CompilerServices;
using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>Replies: which is owed, what stands in for handlers that fail, are late or can't be asked, what goes out with the verdict.</summary>
internal readonly struct StepReplies(ConversationParts parts)
{
    private static readonly Verdict s_tooManyRecipients = Verdict.TempFail(452, "4.5.3", "Too many recipients");

    /// <summary>Says whether nothing stands against asking the handlers of a step of a message; where it does, or the step is none of a message, see <see cref="Decide"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayAsk(StepInfo step) => step.OfMessage && parts.Message.Phase == MessagePhase.Open && parts.Standing.IsClear && !parts.Turns.Instance.IsBusy && !parts.Settings.Limits.Late.IsFull;

    /// <summary>Says whether there is nothing to do about a step that handlers let pass: it has no reply, and nothing of it is kept that they let pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsMute(StepInfo step, SessionFacts facts) => step.Command != MilterCommand.Rcpt && !Replies(step, facts);

    /// <summary>A step is over.</summary>
    public void EndStep(StepInfo step, SessionFacts facts)
    {
        if (!step.KeepsMacros)
        {
            facts.Macros.EndStep(step.Command);
        }
    }

    /// <summary>Says what a step gets without a handler being asked; <see langword="null"/> where they are to be asked.</summary>
    public Verdict? Decide(StepInfo step, SessionFacts facts)
    {
        bool isOver = parts.Message.Phase is MessagePhase.Over or MessagePhase.RefusedAtData;
        return parts.Standing.Decide(step, isOver, Replies(step, facts), Tells(step, facts), Instead(step));
    }

    /// <summary>Replaces what may not be said at the step, and keeps a recipient that passes.</summary>
    public Verdict Legal(StepInfo step, Verdict verdict, SessionFacts facts)
    {
        Verdict legal = VerdictGate.Legal(step.Stage, verdict);
        if (legal.Kind != verdict.Kind)
        {
            SessionLog.VerdictReplaced(parts.Settings.Logger, facts.ConnectionId, facts.QueueId, verdict.Kind, step.Stage, legal.Kind);
            parts.Settings.Observer.VerdictReplaced();
        }

        if (step.Command != MilterCommand.Rcpt || !legal.IsContinue || parts.Message.State.TryAddRecipient(parts.Frame.Payload))
        {
            return legal;
        }

        SessionLog.OverLimit(parts.Settings.Logger, facts.ConnectionId, facts.QueueId, "recipients");
        parts.Settings.Observer.LimitReached(nameof(MilterOptions.MaxRecipients), null);
        return s_tooManyRecipients;
    }

    /// <summary>Writes the reply, if the step has one; otherwise keeps what it would have said.</summary>
    /// <returns>The verdict that was sent and ends the message, or <see langword="null"/> where the message goes on.</returns>
    public Verdict? Reply(StepInfo step, Verdict verdict, SessionFacts facts)
    {
        EndStep(step, facts);
        if (!Tells(step, facts))
        {
            if (!verdict.IsContinue && verdict.Kind != VerdictKind.Skip && !parts.Message.IsRejected)
            {
                parts.Standing.Postpone(step, verdict);
            }

            if (!Replies(step, facts))
            {
                return null;
            }

            verdict = Verdict.Continue;
        }

        if (step.Command == MilterCommand.Body)
        {
            verdict = parts.Message.SkipWhereAgreed(verdict, facts.Terms);
        }
        else if (step.Stage == MilterStages.Eom && parts.Message.Phase == MessagePhase.Open)
        {
            verdict = WritePlan(verdict, facts);
        }

        VerdictGate.Write(parts.Output.Writer, verdict, !verdict.Reply.IsEmpty && step.OfMessage && parts.Message.IsSmtpUtf8);
        (step.OfMessage ? parts.Message.Observation : parts.Message.ObserveSession(facts))?.Replied(step.Stage, verdict, parts.Turns.Since);
        parts.Turns.EndBatchWithReply();
        if (!step.OfMessage)
        {
            parts.Standing.EndWith(step, verdict);
            return null;
        }

        return Ends(step, verdict) && parts.Message.Phase != MessagePhase.Over ? verdict : null;
    }

    /// <summary>What stands in for the verdict of handlers that threw.</summary>
    public Verdict Failed(Exception exception, MilterStages stage, SessionFacts facts)
    {
        // Half a plan is no plan.
        parts.Message.ResetPlan();
        parts.Turns.Instance.LeaveValues();
        if (exception is OperationCanceledException && parts.Turns.Turn.WasCanceled)
        {
            return parts.Turns.IsPeerGone ? parts.Settings.Options.OnExpiry.ToVerdict() : Expired(stage, facts);
        }

        Verdict verdict = parts.Settings.Options.OnException.ToVerdict();
        SessionLog.HandlerFailed(parts.Settings.Logger, exception, facts.ConnectionId, facts.QueueId, stage, verdict.Kind);
        parts.Settings.Observer.HandlerFailed(stage, exception);
        parts.Message.Observation?.Failed(stage, exception);
        return verdict;
    }

    /// <summary>What stands in for the verdict of handlers whose time is spent.</summary>
    public Verdict Expired(MilterStages stage, SessionFacts facts)
    {
        Verdict verdict = parts.Settings.Options.OnExpiry.ToVerdict();
        SessionLog.HandlerExpired(parts.Settings.Logger, facts.ConnectionId, facts.QueueId, stage, verdict.Kind);
        parts.Settings.Observer.HandlerExpired(stage);
        parts.Message.Observation?.Expired(stage);
        return verdict;
    }

    // What a verdict that was sent ends.
    private static bool Ends(StepInfo step, Verdict verdict) => step.Command switch
    {
        MilterCommand.EndOfMessage => true,
        MilterCommand.Rcpt => verdict.Kind is VerdictKind.Accept or VerdictKind.Discard,
        MilterCommand.Body => verdict.Kind is not (VerdictKind.Continue or VerdictKind.Skip),
        _ => !verdict.IsContinue,
    };

    // What stands in for handlers that can't be asked now.
    private Verdict? Instead(StepInfo step)
    {
        if (parts.Turns.Instance.IsBusy)
        {
            return parts.Settings.Options.OnException.ToVerdict();
        }

        if (!parts.Settings.Limits.Late.IsFull)
        {
            return null;
        }

        if (step.OfMessage || (parts.Settings.Descriptor.Handles & step.Stage) != 0)
        {
            parts.Settings.Observer.LimitReached(nameof(MilterOptions.MaxLateHandlers), "the filter is not asked, and its time counts as spent at once");
        }

        return parts.Settings.Options.OnExpiry.ToVerdict();
    }

    private Verdict WritePlan(Verdict verdict, SessionFacts facts)
    {
        PlanOutcome report;
        try
        {
            report = parts.Message.WritePlan(parts.Output, verdict);
        }
#pragma warning disable CA1031 // An edit that can't be sent is the same as a handler that throws: nothing of the plan is sent.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Failed(exception, MilterStages.Eom, facts);
        }

        if (report.QuarantineLeftOut)
        {
            SessionLog.QuarantineLeftOut(parts.Settings.Logger, facts.ConnectionId, facts.QueueId, verdict.Kind);
        }

        if (report.Dropped > 0)
        {
            SessionLog.EditsDropped(parts.Settings.Logger, facts.ConnectionId, facts.QueueId, report.Dropped);
        }

        if (report.LongLines is { Count: > 0 } lines)
        {
            SessionLog.LongLines(parts.Settings.Logger, facts.ConnectionId, facts.QueueId, lines.Count, lines.Longest);
        }

        return verdict;
    }

    private static bool Replies(StepInfo step, SessionFacts facts) => !facts.Terms.Has(step.NoReply);

    // Whether the MTA can be told something by the reply to this step. Not at a recipient that it refused itself: ACCEPT there would end the
    // filtering of the whole message. Nor at one of mail that did not come by SMTP: Postfix's cleanup takes a refusal there, and only there, for a fault of its configuration.
    private bool Tells(StepInfo step, SessionFacts facts) =>
        Replies(step, facts) && !(step.Command == MilterCommand.Rcpt && (parts.Message.IsRejected || parts.Message.IsNonSmtp));
}
