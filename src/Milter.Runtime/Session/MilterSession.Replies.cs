using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <content>Replies: which is owed, what goes out with it, and what it ends.</content>
internal sealed partial class MilterSession
{
    private SessionStatus Reply(StepInfo step, Verdict verdict)
    {
        if (step.Command is MilterCommand.Header or MilterCommand.Body or MilterCommand.Unknown)
        {
            _facts.Macros.EndStep(step.Command);
        }

        if (step.Command == MilterCommand.Rcpt)
        {
            _recipient.Clear();
        }

        if (!Tells(step))
        {
            if (!verdict.IsContinue && verdict.Kind != VerdictKind.Skip && !_isRejected)
            {
                Postpone(step, verdict);
            }

            if (!Replies(step))
            {
                return SessionStatus.NeedMore;
            }

            verdict = Verdict.Continue;
        }

        if (step.Command == MilterCommand.Body)
        {
            verdict = SkipWhereAgreed(verdict);
        }

        bool atEom = step.Stage == MilterStages.Eom && _message == MessagePhase.Open;
        if (atEom)
        {
            verdict = WritePlan(verdict);
        }

        VerdictGate.Write(Output, verdict);
        EndBatchWithReply();
        if (step.OfMessage)
        {
            _receipt.Replied(step.Stage, verdict);
        }

        return Apply(step, verdict, atEom);
    }

    private Verdict SkipWhereAgreed(Verdict verdict)
    {
        if (verdict.Kind != VerdictKind.Skip)
        {
            return verdict;
        }

        bool everybody = Message.BodyHasEnough;
        if (!everybody || _sentSkip || !Agreed.Has(ProtocolSteps.Skip))
        {
            return Verdict.Continue;
        }

        _sentSkip = true;
        return verdict;
    }

    private void Postpone(StepInfo step, Verdict verdict)
    {
        if (step.OfMessage)
        {
            _pendingOfMessage = verdict;
        }
        else if (step.Command != MilterCommand.Unknown)
        {
            _pendingOfSession = verdict;
        }
    }

    // What a verdict that was sent ends.
    private SessionStatus Apply(StepInfo step, Verdict verdict, bool atEom)
    {
        if (!step.OfMessage)
        {
            if (step.Command != MilterCommand.Unknown && !verdict.IsContinue)
            {
                _sessionVerdict = verdict;
            }

            return SessionStatus.NeedMore;
        }

        bool refusal = VerdictGate.Refuses(verdict);
        bool over = step.Command switch
        {
            MilterCommand.EndOfMessage => true,
            MilterCommand.Rcpt => verdict.Kind is VerdictKind.Accept or VerdictKind.Discard,
            MilterCommand.Body => verdict.Kind is not (VerdictKind.Continue or VerdictKind.Skip),
            _ => !verdict.IsContinue,
        };
        if (!over || _message is MessagePhase.Over)
        {
            return SessionStatus.NeedMore;
        }

        _stray = atEom && !refusal ? Verdict.Continue : verdict;
        if (step.Command == MilterCommand.Data && refusal)
        {
            _message = MessagePhase.RefusedAtData;
            return SessionStatus.NeedMore;
        }

        return EndMessage(VerdictGate.Outcome(verdict), After.Nothing, atEom ? MessagePhase.None : MessagePhase.Over);
    }

    private Verdict WritePlan(Verdict verdict)
    {
        int before = Output.Length;
        PlanOutcome report;
        try
        {
            report = Plan.WriteTo(Output, verdict);
        }
#pragma warning disable CA1031 // An edit that can't be sent is the same as a handler that throws: nothing of the plan is sent.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Output.Truncate(before);
            return Failed(exception, _run);
        }

        _receipt.Edited(report.Sent);
        if (report.QuarantineLeftOut)
        {
            SessionLog.QuarantineLeftOut(_settings.Logger, ConnectionId, _facts.QueueId, verdict.Kind);
        }

        if (report.Dropped > 0)
        {
            SessionLog.EditsDropped(_settings.Logger, ConnectionId, _facts.QueueId, report.Dropped);
        }

        return verdict;
    }
}
