using Milter.CompilerServices;
using Milter.Protocol;

namespace Milter.Session;

/// <content>Handlers of a step: how they are called, and what becomes of what they return or throw.</content>
internal sealed partial class MilterSession
{
    private SessionStatus Run(StepInfo step, MilterStages handlers, After after)
    {
        if (handlers == MilterStages.Eom)
        {
            if (_payload.Length > 0 && after == After.CompleteStep)
            {
                return RunLastChunk();
            }

            Message.Body.Complete(cutBySkip: _sentSkip);
        }

        _asked = handlers;
        if ((_descriptor.Handles & handlers) == 0)
        {
            return after == After.CompleteLastChunk ? CompleteLastChunk(default) : CompleteStep(default);
        }

        if (handlers == MilterStages.Eom)
        {
            Plan.Begin(Agreed.Actions, Agreed.Has(ProtocolSteps.HeaderLeadingSpace), Message.Headers, Message.Envelope, this, degrade: Agreed.Missing != 0);
        }

        _after = after;
        HandlerRun run = BeginRun(handlers, _batchStart - _waived);
        Verdict verdict = default;
        Exception? failure = null;
        try
        {
            ValueTask<Verdict> task = Dispatch(_instance.Get(), handlers, _step);
            if (!task.IsCompleted)
            {
                return run.TrySuspend(task.AsTask()) ? SessionStatus.Suspended : SessionStatus.Deposed;
            }

            verdict = task.Result;
        }
#pragma warning disable CA1031 // Whatever a handler throws becomes a verdict: the connection goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        if (!run.TryEnd())
        {
            return SessionStatus.Deposed;
        }

        verdict = failure is null ? verdict : Failed(failure, run);
        return after == After.CompleteLastChunk ? CompleteLastChunk(verdict) : CompleteStep(verdict);
    }

    // No MTA sends body data with EOM, but the protocol has it: libmilter runs the body's handlers, then those of EOM.
    private SessionStatus RunLastChunk()
    {
        Message.AppendBody(_payload.Span);
        return Run(_current, MilterStages.Body, After.CompleteLastChunk);
    }

    private SessionStatus CompleteLastChunk(Verdict verdict)
    {
        _payload = default;
        verdict = verdict.Kind == VerdictKind.Skip ? Verdict.Continue : verdict;
        return verdict.IsContinue ? Run(_current, MilterStages.Eom, After.CompleteStep) : Reply(_current, verdict);
    }

    private SessionStatus CompleteStep(Verdict verdict)
    {
        if (_asked == MilterStages.RejectedRcpt)
        {
            return Reply(_current, Verdict.Continue);
        }

        Verdict legal = VerdictGate.Legal(_current.Stage, verdict);
        if (legal != verdict)
        {
            SessionLog.VerdictReplaced(_settings.Logger, ConnectionId, _facts.QueueId, verdict.Kind, _current.Stage, legal.Kind);
            _settings.Observer.VerdictReplaced();
        }

        if (_current.Command == MilterCommand.Rcpt && legal.IsContinue && !Message.TryAddRecipient(_payload.Span))
        {
            legal = s_tooManyRecipients;
            SessionLog.OverLimit(_settings.Logger, ConnectionId, _facts.QueueId, "recipients");
        }

        return Reply(_current, legal);
    }

    private static ValueTask<Verdict> Dispatch(IMilterDispatcher filter, MilterStages stage, StepContext step) => stage switch
    {
        MilterStages.Connect => filter.OnConnect(step),
        MilterStages.Helo => filter.OnHelo(step),
        MilterStages.Mail => filter.OnMail(step),
        MilterStages.Rcpt => filter.OnRcpt(step),
        MilterStages.RejectedRcpt => filter.OnRejectedRcpt(step),
        MilterStages.Data => filter.OnData(step),
        MilterStages.Header => filter.OnHeader(step),
        MilterStages.Eoh => filter.OnEoh(step),
        MilterStages.Body => filter.OnBody(step),
        MilterStages.Eom => filter.OnEom(step),
        MilterStages.Unknown => filter.OnUnknown(step),
        MilterStages.Abort => filter.OnAbort(step),
        MilterStages.MessageEnd => filter.OnMessageEnd(step),
        MilterStages.Close => filter.OnClose(step),
        _ => default,
    };

    private Verdict VerdictOf(Task pending)
    {
        if (pending.IsCompletedSuccessfully)
        {
            return ((Task<Verdict>)pending).Result;
        }

        Exception exception = pending.Exception?.InnerException ?? new TaskCanceledException(pending);
        return Failed(exception, _run);
    }

    private Verdict Failed(Exception exception, HandlerRun run)
    {
        // Half a plan is no plan.
        Plan.Reset();
        if (exception is OperationCanceledException && run.WasCanceled)
        {
            return _isPeerGone ? _settings.OnExpiry : Expired(run.Stage);
        }

        SessionLog.HandlerFailed(_settings.Logger, exception, ConnectionId, _facts.QueueId, run.Stage, _settings.OnException.Kind);
        _settings.Observer.HandlerFailed();
        return _settings.OnException;
    }
}
