using Milter.Conformance.Tests.Plans;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Mta;

/// <summary>Plays a plan against a filter: sends what <see cref="MtaModel"/> would, waits where an MTA would, and writes down all of it.</summary>
internal sealed class Player : IDisposable
{
    private readonly SessionPlan _plan;
    private readonly MtaModel _model;
    private readonly MtaSocket _socket;
    private readonly PieceWriter _writer;
    private readonly Transcript _transcript = new();

    private Player(SessionPlan plan, string socketPath, TimeSpan deadline)
    {
        _plan = plan;
        _model = new MtaModel(plan);
        _socket = new MtaSocket(socketPath, deadline);
        _writer = new PieceWriter(_socket, plan);
    }

    /// <summary>Plays a whole session.</summary>
    /// <param name="plan">What to send.</param>
    /// <param name="socketPath">Where the filter listens.</param>
    /// <param name="deadline">How long each reply may take.</param>
    public static Transcript Play(SessionPlan plan, string socketPath, TimeSpan deadline)
    {
        using var player = new Player(plan, socketPath, deadline);
        try
        {
            player.Run();
        }
        catch (FilterException exception)
        {
            player._transcript.Failure = exception.Message;
        }

        return player._transcript;
    }

    public void Dispose() => _socket.Dispose();

    private void Run()
    {
        Negotiate();
        for (int i = 0; i < _plan.Moves.Length && !_model.IsOver; i++)
        {
            while (_model.Before(i) is { } first)
            {
                Exchange(i, first);
            }

            if (_model.Allows(i))
            {
                Exchange(i, _plan.Moves[i]);
            }

            if (_model.After(i) is { } last)
            {
                Exchange(i, last);
            }
        }

        End();
    }

    private void Negotiate()
    {
        using var offer = new FrameBuffer();
        CommandWriter.OptNeg(offer, _plan.Offer.Version, _plan.Offer.Actions, _plan.Offer.Steps);
        _writer.Add(offer.WrittenSpan);
        _writer.Flush();
        Packet answer = _socket.Receive();
        _transcript.Answer = answer;
        if (answer.Code != 'O' || !OptNegPayload.TryRead(Bytes.Of(answer.Payload), out OptNegPayload agreed, out string? error))
        {
            throw new FilterException("the offer was not answered with a negotiation");
        }

        error = agreed.CheckSymbolLists();
        if (error is not null)
        {
            throw new FilterException(error);
        }

        _model.Steps = agreed.Steps;
    }

    private void Exchange(int index, Move move)
    {
        move = WithNegotiatedSpace(move with { Macros = _model.MacrosOf(move) });
        (ProtocolSteps notSent, ProtocolSteps noReply) = Steps.Of(move.Command);
        bool isSent = (_model.Steps & notSent) == 0;
        bool waits = isSent && Steps.Waits(move.Command) && (_model.Steps & noReply) == 0;
        var exchange = new Exchange(index, move) { IsSent = isSent, Waits = waits };
        _transcript.Exchanges.Add(exchange);

        // Macros come for commands that are not sent, too.
        if (move.Macros is not null)
        {
            _writer.Add(MtaSocket.FrameOf((char)MilterCommand.Macro, move.Code + move.Macros));
        }

        if (isSent)
        {
            _writer.Add(MtaSocket.FrameOf(move.Code, move.Payload));
        }

        if (waits)
        {
            _writer.Flush();
            ReceiveReplies(exchange);
        }

        _model.Apply(move.Command, waits ? exchange.Replies[^1] : null);
    }

    private void ReceiveReplies(Exchange exchange)
    {
        while (true)
        {
            Packet packet = _socket.Receive();
            exchange.Replies.Add(packet);
            if (packet.IsVerdict)
            {
                break;
            }

            if (!packet.IsModification || exchange.Move.Command != MilterCommand.EndOfMessage)
            {
                throw new FilterException($"{packet} is no answer to {exchange.Move.Code}");
            }
        }
    }

    // A value is planned with what stood after the colon; the MTA takes one space away, unless that was negotiated.
    private Move WithNegotiatedSpace(Move move)
    {
        if (move.Command != MilterCommand.Header || (_model.Steps & ProtocolSteps.HeaderLeadingSpace) != 0)
        {
            return move;
        }

        int value = move.Payload.IndexOf('\0', StringComparison.Ordinal) + 1;
        return move.Payload[value] == ' ' ? move with { Payload = move.Payload.Remove(value, 1) } : move;
    }

    private void End()
    {
        switch (_plan.Ending)
        {
            case Ending.Quit:
                _writer.Add(MtaSocket.FrameOf((char)MilterCommand.Quit, ""));
                break;
            case Ending.InsidePacket:
                byte[] cut = MtaSocket.FrameOf((char)MilterCommand.Helo, Bytes.Z("reject.helo.probe.test"));
                _writer.Add(cut.AsSpan(0, 1 + (_plan.Seed % (cut.Length - 1))));
                break;
        }

        _writer.Flush();
        _socket.EndSending();
        _transcript.Rest = _socket.ReceiveRest();
    }
}
