using Milter.Message;

namespace Milter.Session;

/// <summary>Ends messages and sessions: says what the filter's instance is owed, tells what went wrong in that, and forgets.</summary>
internal readonly struct Endings(ConversationParts parts)
{
    /// <summary>Ends the message that is open.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="phase">What comes after it.</param>
    /// <param name="facts">What is known of the session.</param>
    /// <returns>Whether what the instance is owed is done now.</returns>
    public bool EndMessage(MessageOutcome outcome, MessagePhase phase, SessionFacts facts)
    {
        bool isOpen = parts.Message.IsOpen;

        // Where MAIL is not sent, nothing would tell the next message from the rest of this one.
        parts.Message.Phase = facts.Terms.Has(Protocol.ProtocolSteps.NoMail) ? MessagePhase.None : phase;
        if (isOpen)
        {
            parts.Message.End(outcome, parts.Turns.Instance, facts);
        }

        return !parts.Turns.Instance.IsBusy && !parts.Message.IsUnseen;
    }

    /// <summary>Ends the session: QUIT_NC, or the end of the connection.</summary>
    /// <param name="outcome">How a message that is open ends.</param>
    /// <param name="facts">What is known of the session.</param>
    /// <returns>Whether what the instance is owed is done now.</returns>
    public bool EndSession(MessageOutcome outcome, SessionFacts facts)
    {
        bool isOpen = parts.Message.IsOpen;
        outcome = parts.Message.Phase == MessagePhase.RefusedAtData ? MessageOutcome.Refused : outcome;

        // Also where it has got its verdict: that is not for steps of the next session.
        parts.Message.Phase = MessagePhase.None;
        if (isOpen)
        {
            parts.Message.End(outcome, parts.Turns.Instance, facts);
        }

        parts.Turns.Instance.Owe(Owed.Disposals | ((parts.Settings.Descriptor.Handles & MilterStages.Close) != 0 ? Owed.Close : 0));
        return !parts.Turns.Instance.IsBusy;
    }

    /// <summary>Something that was owed is done.</summary>
    /// <param name="beforeMessage">Whether a message waits for it that has begun.</param>
    /// <param name="facts">What is known of the session.</param>
    public void Settled(bool beforeMessage, SessionFacts facts)
    {
        if (parts.Turns.Failure is not { } failure)
        {
            return;
        }

        parts.Turns.Tell(failure, parts.Turns.Job, facts);
        if ((parts.Turns.Job & Owed.Handlers) != 0 && failure is not OperationCanceledException)
        {
            parts.Message.Observation?.Failed(Instance.StageOf(parts.Turns.Job), failure);
        }

        if (parts.Turns.Job == Owed.Reset)
        {
            // It may have anything of the message before: it is never asked again.
            parts.Turns.Instance.Owe(Owed.Filter | Owed.SessionServices);
            if (beforeMessage)
            {
                parts.Standing.Pending = Standing.WithoutJudgement(parts.Settings.Options.OnException.ToVerdict());
            }
        }
    }

    /// <summary>Forgets a message that has ended.</summary>
    public void ForgetMessage(SessionFacts facts)
    {
        parts.Message.Forget();
        facts.Macros.EndMessage();
    }

    /// <summary>Forgets a session whose instance has got what it was owed, or gets it later. Another may follow.</summary>
    public void ForgetSession(SessionFacts facts)
    {
        if (parts.Turns.Instance.IsOwed)
        {
            parts.Turns.AbandonInstance();
        }

        parts.Standing.EndSession();
        facts.EndSession();
    }

    /// <summary>Gives back what the conversation holds, once nobody looks at it any more.</summary>
    public async Task ReleaseAsync()
    {
        if (parts.Turns.Instance.IsOwed)
        {
            await parts.Turns.SettleLaterAsync(parts.Turns.Instance).ConfigureAwait(false);
        }

        parts.Message.Release();
    }
}
