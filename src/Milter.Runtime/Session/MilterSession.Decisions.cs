using Milter.Protocol;

namespace Milter.Session;

/// <content>What is decided before a handler is asked: refusals of the session, drains, verdicts that wait, an instance that is busy.</content>
internal sealed partial class MilterSession
{
    // What is decided before any handler is asked.
    private Verdict? Decided(StepInfo step)
    {
        if (step.Command == MilterCommand.Connect)
        {
            // A second CONNECT without QUIT_NC between them means nothing.
            bool again = _connected;
            _connected = true;
            return again || RefusesAll || Busy ? Verdict.Continue : null;
        }

        if (!step.OfMessage)
        {
            return !_sessionVerdict.IsContinue ? _sessionVerdict
                : !_pendingOfSession.IsContinue && Replies(step) ? _pendingOfSession
                : RefusesAll ? Verdict.Continue
                : Busy ? Unasked(step)
                : null;
        }

        if (_message is MessagePhase.Over or MessagePhase.RefusedAtData)
        {
            return _stray;
        }

        if (!_sessionVerdict.IsContinue)
        {
            return _sessionVerdict;
        }

        if (Ending(step) is { } ending)
        {
            return ending;
        }

        Verdict pending = !_pendingOfMessage.IsContinue ? _pendingOfMessage : _pendingOfSession;
        if (!pending.IsContinue)
        {
            // Without a reply there is nobody to tell yet, and no use in asking the handlers any more.
            return Tells(step) ? pending : Verdict.Continue;
        }

        return Busy ? Unasked(step) : null;
    }

    // A session that is to end is told so at MAIL or RCPT; where these have no reply, at the first step of the message that has one.
    private Verdict? Ending(StepInfo step)
    {
        if (RefusesAll)
        {
            return Tells(step) ? (_settings.Refuse ? s_tooMany : _refusal) : Verdict.Continue;
        }

        if (!_drains || (!_beganInDrain && step.Command != MilterCommand.Rcpt))
        {
            return null;
        }

        if (Tells(step))
        {
            return s_closing;
        }

        if (!_beganInDrain)
        {
            return null;
        }

        _pendingOfMessage = s_closing;
        return Verdict.Continue;
    }

    // The instance is still at work on something whose time was up, and can't be asked. What it could not judge in part it does not judge at all.
    private Verdict Unasked(StepInfo step)
    {
        if (step.OfMessage)
        {
            _pendingOfMessage = WithoutJudgement(_settings.OnException);
            return Tells(step) ? _pendingOfMessage : Verdict.Continue;
        }

        if (step.Command == MilterCommand.Helo && (_descriptor.Handles & MilterStages.Helo) != 0)
        {
            _pendingOfSession = WithoutJudgement(_settings.OnException);
            return Replies(step) ? _pendingOfSession : Verdict.Continue;
        }

        return Verdict.Continue;
    }

    // A message whose filter failed and that may go on is not shown to it any more: it would see the rest and take it for the whole.
    private static Verdict WithoutJudgement(Verdict verdict) => verdict.IsContinue ? Verdict.Accept : verdict;

    private bool RefusesAll => _settings.Refuse || !_refusal.IsContinue;

    private bool Replies(StepInfo step) => !Agreed.Has(step.NoReply);

    // Whether the MTA can be told something by the reply to this step. Not at a recipient that it refused itself: ACCEPT there would end the
    // filtering of the whole message. Nor at one of mail that did not come by SMTP: Postfix's cleanup takes a refusal there, and only there, for a fault of its configuration.
    private bool Tells(StepInfo step) => Replies(step) && !(step.Command == MilterCommand.Rcpt && (_isRejected || _nonSmtp));
}
