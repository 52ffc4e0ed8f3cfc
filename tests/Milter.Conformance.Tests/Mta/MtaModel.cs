using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Mta;

/// <summary>
/// An MTA's mind: what of a plan it sends, given the answers so far, and what it adds by itself. Whatever moves a plan has, the
/// session stays one that Postfix or Sendmail could have. The D numbers are rows of tests/conformance/README.md: what would end in one is not sent.
/// </summary>
internal sealed class MtaModel(SessionPlan plan)
{
    private readonly HashSet<MilterCommand> _hadMacros = [];
    private Phase _phase;
    private MilterCommand _last;
    private bool _begun;
    private bool _greeted;
    private bool _skipsBody;
    private bool _owesAbort;
    private bool _messageCounts;
    private int _recipients;

    /// <summary>Where a message stands.</summary>
    private enum Phase
    {
        None,
        Mail,
        Rcpt,
        Headers,
        Body,

        /// <summary>A verdict ended it; the client may still talk, but not to the filter.</summary>
        Over,
    }

    /// <summary>What was agreed on.</summary>
    public ProtocolSteps Steps { get; set; }

    /// <summary>Whether a verdict has ended the filtering of the whole session.</summary>
    public bool IsOver { get; private set; }

    private bool IsOpen => _phase is not (Phase.None or Phase.Over);

    private bool HasData => plan.Offer.Version >= 4 && (Steps & ProtocolSteps.NoData) == 0;

    /// <summary>Gets what has to be sent before a move, one command at a time; null when nothing has.</summary>
    public Move? Before(int index)
    {
        if (IsOver)
        {
            return null;
        }

        MilterCommand command = plan.Moves[index].Command;
        bool isContent = command is MilterCommand.Data or MilterCommand.Header or MilterCommand.EndOfHeaders or MilterCommand.Body or MilterCommand.EndOfMessage;
        if (isContent && _phase is Phase.Mail or Phase.Rcpt && _recipients == 0)
        {
            // The filter has refused all recipients: the MTA refuses DATA itself, and the client gives up.
            _phase = Phase.Over;
            return Aborts ? new Move(MilterCommand.Abort) : null;
        }

        // A client's second MAIL would be refused by the MTA itself: here it sent RSET before.
        bool drops = command == MilterCommand.Mail || (command == MilterCommand.Helo && plan.Habits == Habits.Sendmail && !IsContent);
        if (drops && IsOpen && Aborts)
        {
            return new Move(MilterCommand.Abort);
        }

        // D03: libmilter does not answer to EOM without EOH. Both MTAs always send it.
        return command is MilterCommand.Body or MilterCommand.EndOfMessage && _phase is Phase.Rcpt or Phase.Headers
            ? new Move(MilterCommand.EndOfHeaders)
            : null;
    }

    /// <summary>Says whether an MTA would send the move now.</summary>
    public bool Allows(int index)
    {
        if (IsOver)
        {
            return false;
        }

        Move move = plan.Moves[index];
        return move.Command switch
        {
            // D03, D10: libmilter hears CONNECT only as the first command of a session.
            MilterCommand.Connect => !_begun,
            MilterCommand.Helo => !IsContent,
            MilterCommand.Mail => !IsOpen || !Aborts,
            MilterCommand.Rcpt => _phase is Phase.Mail or Phase.Rcpt,
            MilterCommand.Data => plan.Offer.Version >= 4 && _phase == Phase.Rcpt,
            MilterCommand.Header or MilterCommand.EndOfHeaders => _phase is Phase.Rcpt or Phase.Headers,
            MilterCommand.Body => !_skipsBody && _phase is Phase.Rcpt or Phase.Headers or Phase.Body,
            MilterCommand.EndOfMessage => _phase is Phase.Rcpt or Phase.Headers or Phase.Body,
            MilterCommand.Unknown => AllowsUnknown(index),
            MilterCommand.Abort => _begun && !NextIs(index, MilterCommand.QuitNewConnection),
            MilterCommand.QuitNewConnection => AllowsNewConnection(index),
            _ => false,
        };
    }

    /// <summary>Gets what an MTA sends by itself after a move; null when nothing.</summary>
    public Move? After(int index)
    {
        bool owes = _owesAbort && Aborts && !IsOver;
        _owesAbort = false;

        // D05: libmilter hears QUIT_NC only right after EOM; Postfix's ABORT would come between them.
        return owes && !NextIs(index, MilterCommand.QuitNewConnection) ? new Move(MilterCommand.Abort) : null;
    }

    /// <summary>Gets the macros that go before a command.</summary>
    public string? MacrosOf(Move move)
    {
        bool hadMacros = _hadMacros.Contains(move.Command);
        if (hadMacros && (move.Macros is "" || (move.Macros is null && move.Command == MilterCommand.Mail)))
        {
            // D01: to libmilter the macros of the last MAIL are still there when no new ones come. D26: an empty set is none to it, and the old one stays.
            return Bytes.Z("{anything}", "");
        }

        if (move.Macros is { Length: > 0 })
        {
            _hadMacros.Add(move.Command);
        }

        return move.Macros;
    }

    /// <summary>Takes the answer to a command, or that there is none.</summary>
    public void Apply(MilterCommand command, Packet? answer)
    {
        _begun = true;
        _last = command;
        char verdict = answer is { } packet ? Meaning(packet) : 'c';
        if (answer is { Code: 'y' } reply && reply.Payload.StartsWith("421", StringComparison.Ordinal))
        {
            IsOver = true;
            return;
        }

        switch (command)
        {
            case MilterCommand.Connect or MilterCommand.Helo:
                _greeted = true;
                IsOver = verdict != 'c';

                // Postfix says ABORT after the new HELO, Sendmail before it.
                _owesAbort = IsOpen;
                _phase = Phase.None;
                break;
            case MilterCommand.Mail:
                _greeted = true;
                _recipients = 0;
                _skipsBody = false;
                _phase = verdict switch
                {
                    'c' => Phase.Mail,
                    'r' or 't' => Phase.None,
                    _ => Phase.Over,
                };
                EndWhere(verdict != 'c');
                break;
            case MilterCommand.Rcpt:
                _recipients += verdict == 'c' ? 1 : 0;
                _phase = verdict is 'a' or 'd' ? Phase.Over : Phase.Rcpt;
                EndWhere(_phase == Phase.Over, always: verdict == 'd');
                break;
            case MilterCommand.Data:
                // D07: Sendmail would now take more recipients, to which libmilter does not answer. This client says RSET.
                _phase = verdict == 'c' ? Phase.Headers : Phase.Over;
                EndWhere(verdict != 'c', always: verdict != 'a');
                break;
            case MilterCommand.Header or MilterCommand.EndOfHeaders:
                _phase = verdict != 'c' ? Phase.Over : command == MilterCommand.Header ? Phase.Headers : Phase.Body;
                EndWhere(verdict != 'c');
                break;
            case MilterCommand.Body:
                // D23: no BODY after SKIP.
                _skipsBody = verdict == 's';
                _phase = verdict is 'c' or 's' ? Phase.Body : Phase.Over;
                EndWhere(_phase == Phase.Over);
                break;
            case MilterCommand.EndOfMessage:
                _phase = Phase.None;
                _messageCounts = verdict == 'c';
                EndWhere(true);
                break;
            case MilterCommand.Abort:
                _phase = Phase.None;
                break;
            case MilterCommand.QuitNewConnection:
                _begun = _greeted = false;
                _hadMacros.Clear();
                break;
        }
    }

    private bool IsContent => _phase is Phase.Headers or Phase.Body;

    // Sendmail says nothing where MAIL is not sent or not replied to.
    private bool Aborts => plan.Habits == Habits.Postfix || (Steps & (ProtocolSteps.NoMail | ProtocolSteps.NoReplyMail)) == 0;

    private static char Meaning(Packet packet) => packet.Code != 'y' ? packet.Code : packet.Payload.StartsWith('4') ? 't' : 'r';

    private void EndWhere(bool over, bool always = false) => _owesAbort |= over && (always || plan.Habits == Habits.Postfix);

    // D10: libmilter loses the session's CONNECT or the message where UNKNOWN comes at other places. D03 too: what follows it there has no reply.
    private bool AllowsUnknown(int index) =>
        plan.Offer.Version >= 3 && _greeted && _phase switch
        {
            Phase.None or Phase.Over => true,
            Phase.Mail or Phase.Rcpt => Follower(index) is var next && (next is MilterCommand.Rcpt or MilterCommand.Abort or MilterCommand.Mail or MilterCommand.Helo or null || (next == MilterCommand.Data && HasData)),
            _ => false,
        };

    // D05: only right after EOM that was answered with continue, or after UNKNOWN; and libmilter then hears nothing but CONNECT.
    private bool AllowsNewConnection(int index) =>
        !IsOpen && NextIs(index, MilterCommand.Connect)
        && (_last == MilterCommand.Unknown || (_last == MilterCommand.EndOfMessage && _messageCounts));

    private bool NextIs(int index, MilterCommand command) => index + 1 < plan.Moves.Length && plan.Moves[index + 1].Command == command;

    private MilterCommand? Follower(int index)
    {
        for (int i = index + 1; i < plan.Moves.Length; i++)
        {
            if (plan.Moves[i].Command != MilterCommand.Unknown)
            {
                return plan.Moves[i].Command;
            }
        }

        return null;
    }
}
