using Milter.Protocol;

namespace Milter.Conformance.Tests.Plans;

/// <summary>Makes a plan of a seed: a connection as MTAs have them, with clients that say anything.</summary>
internal sealed class PlanMaker
{
    private readonly Dice _dice;
    private readonly Macros _macros;
    private readonly MessageMaker _messages;
    private readonly List<Move> _moves = [];

    private PlanMaker(int seed, out SessionPlan plan)
    {
        _dice = new Dice(seed);
        Habits habits = _dice.One(Habits.Postfix, Habits.Sendmail);
        _macros = new Macros(_dice, habits);
        _messages = new MessageMaker(_dice, _macros);
        plan = new SessionPlan
        {
            Seed = seed,
            Habits = habits,
            Offer = Samples.Offer(_dice),
            LeadingSpace = _dice.Chance(20),
            Writing = _dice.One(Writing.Whole, Writing.Whole, Writing.InPieces, Writing.InPieces, Writing.ByteByByte),
            Ending = _dice.One(Ending.Quit, Ending.Quit, Ending.Quit, Ending.EndOfStream, Ending.InsidePacket),
        };
    }

    public static SessionPlan Make(int seed)
    {
        var maker = new PlanMaker(seed, out SessionPlan plan);
        maker.Session();
        return plan with { Moves = [.. maker._moves] };
    }

    private void Session()
    {
        bool isLocal = _dice.Chance(6);
        Greeting(isLocal);
        for (int i = _dice.One(0, 1, 1, 1, 2, 3, 4); i > 0; i--)
        {
            IReadOnlyList<Move> message = _messages.Make(isLocal);
            _moves.AddRange(_dice.Chance(30) ? Disturbed(message) : message);
            Repeat(MilterCommand.Abort, 10);
            if (_dice.Chance(10))
            {
                Unknown();
            }

            if (_dice.Chance(6))
            {
                Helo();
            }

            if (_dice.Chance(10))
            {
                // No MTA does this today, but libmilter hears it.
                _moves.Add(new Move(MilterCommand.QuitNewConnection));
                Greeting(isLocal);
            }
        }

        Repeat(MilterCommand.Abort, 20);
    }

    private void Greeting(bool isLocal)
    {
        // CONNECT and HELO may never come.
        if (_dice.Chance(96))
        {
            _moves.Add(new Move(MilterCommand.Connect, isLocal ? Samples.LocalConnect(_dice) : Samples.Connect(_dice), _macros.For(MilterCommand.Connect)));
        }

        if (isLocal)
        {
            _moves.Add(new Move(MilterCommand.Helo, "localhost\0", _macros.For(MilterCommand.Helo)));
            return;
        }

        for (int i = _dice.One(0, 1, 1, 1, 1, 1, 2); i > 0; i--)
        {
            Helo();
            if (_dice.Chance(10))
            {
                Unknown();
            }
        }
    }

    private void Helo() => _moves.Add(new Move(MilterCommand.Helo, Samples.Helo(_dice), _macros.For(MilterCommand.Helo)));

    private void Unknown() => _moves.Add(UnknownMove());

    private Move UnknownMove() => new(MilterCommand.Unknown, Samples.Unknown(_dice), _macros.For(MilterCommand.Unknown));

    // Something comes between: another command, RSET, a client that is gone.
    private List<Move> Disturbed(IReadOnlyList<Move> message)
    {
        List<Move> moves = [.. message];
        int at = _dice.Number(1, moves.Count - 1);
        switch (_dice.Number(1, 6))
        {
            case 1:
                moves.RemoveRange(at, moves.Count - at);
                moves.Add(new Move(MilterCommand.Abort));
                break;
            case 2:
                moves.InsertRange(at, [new Move(MilterCommand.Abort), new Move(MilterCommand.Abort)]);
                break;
            case 3:
                moves.Insert(at, new Move(MilterCommand.Helo, Samples.Helo(_dice), _macros.For(MilterCommand.Helo)));
                break;
            case 4:
                moves.RemoveRange(at, moves.Count - at);
                break;
            default:
                for (int i = _dice.Number(1, 3); i > 0; i--)
                {
                    moves.Insert(_dice.Number(1, Math.Min(moves.Count, 5)), UnknownMove());
                }

                break;
        }

        return moves;
    }

    private void Repeat(MilterCommand command, int percent)
    {
        for (int i = _dice.Chance(percent) ? _dice.Number(1, 3) : 0; i > 0; i--)
        {
            _moves.Add(new Move(command));
        }
    }
}
