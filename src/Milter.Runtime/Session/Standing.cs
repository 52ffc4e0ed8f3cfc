using Milter.Protocol;

namespace Milter.Session;

/// <summary>How session and message stand before any handler is asked: refusals of the session, a drain, verdicts that wait for a step that can tell them.</summary>
/// <param name="settings">The session's settings.</param>
internal sealed class Standing(SessionSettings settings)
{
    private static readonly Verdict s_closing = Verdict.TempFail(421, "4.3.2", "Service shutting down, please try again");
    private static readonly Verdict s_tooMany = Verdict.TempFail(421, "4.3.2", "Too many connections, please try again");

    private volatile bool _drains;
    private bool _isClear = !settings.Refuse;
    private bool _connected;
    private bool _beganInDrain;
    private Verdict _refusal;
    private Verdict _session;
    private Verdict _pendingOfSession;

    /// <summary>Gets or sets the verdict that the message will get at the next step that can tell it.</summary>
    public Verdict Pending
    {
        get;
        set
        {
            field = value;
            Judge();
        }
    }

    /// <summary>Gets or sets the verdict that has ended the message, which steps of it get again that come all the same.</summary>
    public Verdict Stray { get; set; }

    public bool Drains => _drains;

    /// <summary>Gets a value indicating whether no message of this session is filtered.</summary>
    public bool RefusesAll => settings.Refuse || !_refusal.IsContinue;

    /// <summary>Gets a value indicating whether nothing stands against asking the handlers of a message that has no verdict yet.</summary>
    public bool IsClear => _isClear && !_drains;

    /// <summary>Gets a value indicating whether this is not the session's first CONNECT, which alone means something.</summary>
    public bool IsConnected => _connected;

    /// <summary>A message whose filter failed and that may go on is not shown to it any more: it would see the rest and take it for the whole.</summary>
    public static Verdict WithoutJudgement(Verdict verdict) => verdict.IsContinue ? Verdict.Accept : verdict;

    /// <summary>Ends the SMTP session at its next MAIL or RCPT. The message that is open goes on. Any thread may call it.</summary>
    public void BeginDrain() => _drains = true;

    /// <summary>A negotiation begins: nothing is missing yet.</summary>
    public void Refuse(Verdict verdict)
    {
        _refusal = verdict;
        Judge();
    }

    public void BeginMessage()
    {
        (Stray, Pending) = (default, default);
        _beganInDrain = _drains;
    }

    public void EndSession()
    {
        _connected = false;
        (_session, _pendingOfSession) = (default, default);
        Judge();
    }

    /// <summary>What the reply to a step outside a message ends.</summary>
    public void EndWith(StepInfo step, Verdict verdict)
    {
        if (step.Command != MilterCommand.Unknown && !verdict.IsContinue)
        {
            _session = verdict;
            Judge();
        }
    }

    /// <summary>Keeps a verdict that can't be told at its step.</summary>
    public void Postpone(StepInfo step, Verdict verdict)
    {
        if (step.OfMessage)
        {
            Pending = verdict;
        }
        else if (step.Command != MilterCommand.Unknown)
        {
            _pendingOfSession = verdict;
            Judge();
        }
    }

    /// <summary>Says what a step gets without a handler being asked; <see langword="null"/> where they are to be asked.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isOver">Whether the message has got its verdict.</param>
    /// <param name="replies">Whether the step has a reply.</param>
    /// <param name="tells">Whether its reply can tell a verdict.</param>
    /// <param name="instead">What stands in for handlers that can't be asked, if they can't.</param>
    public Verdict? Decide(StepInfo step, bool isOver, bool replies, bool tells, Verdict? instead)
    {
        if (step.Command == MilterCommand.Connect)
        {
            bool again = _connected;
            _connected = true;
            return again || RefusesAll ? Verdict.Continue : Unasked(step, replies, instead);
        }

        if (!step.OfMessage)
        {
            return !_session.IsContinue ? _session
                : !_pendingOfSession.IsContinue && replies ? _pendingOfSession
                : RefusesAll ? Verdict.Continue
                : Unasked(step, replies, instead);
        }

        if (isOver)
        {
            return Stray;
        }

        if (!_session.IsContinue)
        {
            return _session;
        }

        if (Ending(step, tells) is { } ending)
        {
            return ending;
        }

        Verdict pending = !Pending.IsContinue ? Pending : _pendingOfSession;
        if (!pending.IsContinue)
        {
            // Without a reply there is nobody to tell yet, and no use in asking the handlers any more.
            return tells ? pending : Verdict.Continue;
        }

        return Unasked(step, tells, instead);
    }

    // Asked for with every header field: judged when something changes.
    private void Judge() => _isClear = _session.IsContinue && Pending.IsContinue && _pendingOfSession.IsContinue && !RefusesAll;

    // A session that is to end is told so at MAIL or RCPT; where these have no reply, at the first step of the message that has one.
    private Verdict? Ending(StepInfo step, bool tells)
    {
        if (RefusesAll)
        {
            return tells ? (settings.Refuse ? s_tooMany : _refusal) : Verdict.Continue;
        }

        if (!_drains || (!_beganInDrain && step.Command != MilterCommand.Rcpt))
        {
            return null;
        }

        if (tells)
        {
            return s_closing;
        }

        if (!_beganInDrain)
        {
            return null;
        }

        Pending = s_closing;
        return Verdict.Continue;
    }

    // What handlers could not judge in part they do not judge at all.
    private Verdict? Unasked(StepInfo step, bool tells, Verdict? instead)
    {
        if (instead is not { } verdict)
        {
            return null;
        }

        if (!step.OfMessage && (settings.Descriptor.Handles & step.Stage) == 0)
        {
            return Verdict.Continue;
        }

        verdict = WithoutJudgement(verdict);
        Postpone(step, verdict);
        return tells && step.Command != MilterCommand.Unknown ? verdict : Verdict.Continue;
    }
}
