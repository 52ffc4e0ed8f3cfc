using Milter.Message;

namespace Milter.Session;

/// <summary>Ends messages and sessions: says what the filter's instance is owed, tells what went wrong in that, and forgets.</summary>
internal sealed class Endings(SessionSettings settings, MessageCycle message, Standing standing, FilterTurns turns, StepReader reader)
{
    /// <summary>Ends the message that is open.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="phase">What comes after it.</param>
    /// <param name="facts">What is known of the session.</param>
    /// <returns>Whether what the instance is owed is done now.</returns>
    public bool EndMessage(MessageOutcome outcome, MessagePhase phase, SessionFacts facts)
    {
        bool isOpen = message.IsOpen;

        // Where MAIL is not sent, nothing would tell the next message from the rest of this one.
        message.Phase = facts.Terms.Has(Protocol.ProtocolSteps.NoMail) ? MessagePhase.None : phase;
        if (isOpen)
        {
            message.End(outcome, turns.Instance, facts);
        }

        return !turns.Instance.IsBusy && !message.IsUnseen;
    }

    /// <summary>Ends the session: QUIT_NC, or the end of the connection.</summary>
    /// <param name="outcome">How a message that is open ends.</param>
    /// <param name="facts">What is known of the session.</param>
    /// <returns>Whether what the instance is owed is done now.</returns>
    public bool EndSession(MessageOutcome outcome, SessionFacts facts)
    {
        bool isOpen = message.IsOpen;
        outcome = message.Phase == MessagePhase.RefusedAtData ? MessageOutcome.Refused : outcome;

        // Also where it has got its verdict: that is not for steps of the next session.
        message.Phase = MessagePhase.None;
        if (isOpen)
        {
            message.End(outcome, turns.Instance, facts);
        }

        turns.Instance.Owe(Owed.Disposals | ((settings.Descriptor.Handles & MilterStages.Close) != 0 ? Owed.Close : 0));
        return !turns.Instance.IsBusy;
    }

    /// <summary>Something that was owed is done.</summary>
    /// <param name="beforeMessage">Whether a message waits for it that has begun.</param>
    /// <param name="facts">What is known of the session.</param>
    public void Settled(bool beforeMessage, SessionFacts facts)
    {
        if (turns.Failure is not { } failure)
        {
            return;
        }

        turns.Tell(failure, turns.Job, facts);
        if ((turns.Job & Owed.Handlers) != 0 && failure is not OperationCanceledException)
        {
            message.Observation?.Failed(Instance.StageOf(turns.Job), failure);
        }

        if (turns.Job == Owed.Reset)
        {
            // It may have anything of the message before: it is never asked again.
            turns.Instance.Owe(Owed.Filter | Owed.SessionServices);
            if (beforeMessage)
            {
                standing.Pending = Standing.WithoutJudgement(settings.Options.OnException.ToVerdict());
            }
        }
    }

    /// <summary>Forgets a message that has ended.</summary>
    public void ForgetMessage(SessionFacts facts)
    {
        message.Forget();
        facts.Macros.EndMessage();
        reader.EndMessage();
    }

    /// <summary>Forgets a session whose instance has got what it was owed, or gets it later. Another may follow.</summary>
    public void ForgetSession(SessionFacts facts)
    {
        if (turns.Instance.IsOwed)
        {
            turns.AbandonInstance();
        }

        standing.EndSession();
        facts.EndSession();
    }

    /// <summary>Gives back what the conversation holds, once nobody looks at it any more.</summary>
    public async Task ReleaseAsync()
    {
        if (turns.Instance.IsOwed)
        {
            await turns.SettleLaterAsync(turns.Instance).ConfigureAwait(false);
        }

        message.Release();
    }
}
