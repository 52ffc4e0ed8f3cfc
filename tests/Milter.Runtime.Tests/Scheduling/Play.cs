using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Session;
using Milter.Testing;
using Milter.Transport;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Two connections on two threads of a loop that share its buffers, with handlers that are quick, block, await or do both; a clock; an MTA that may leave. Who goes first is the seed's word.</summary>
internal sealed class Play : IConnectionOwner
{
    private const int Connections = 2, Threads = 3, Messages = 2;

    private readonly Scheduler _scheduler;
    private readonly PlacedTime _time;
    private readonly Queue<Connection> _posted = [];
    private readonly List<Peer> _peers = [];
    private readonly List<TaskCompletionSource> _gates = [];
    private readonly List<string> _faults = [];
    private readonly bool _leaves;
    private int _ended;

    public Play(int seed)
    {
        _scheduler = new Scheduler(seed);
        _time = new PlacedTime(_scheduler);
        _leaves = _scheduler.Next(4) == 0;
    }

    private bool IsOver => _ended == Connections;

    /// <summary>Plays to the end.</summary>
    /// <returns>What was wrong.</returns>
    public IReadOnlyList<string> Run()
    {
        SessionSettings settings = SessionSettings.Of(Descriptor(), _ => new TestFilter(HandleAsync), new Nothing(), new TestLog(), new MilterOptions()) with { Time = _time };
        for (int i = 0; i < Connections; i++)
        {
            var peer = new Peer(this, settings, i);
            _peers.Add(peer);
            _scheduler.Start($"MTA {i}", peer.Send);
        }

        for (int i = 0; i < Threads; i++)
        {
            _scheduler.Start($"loop {i}", Serve);
        }

        _scheduler.Start("clock", Tick);
        _scheduler.Start("completions", Complete);
        _scheduler.Run(() => string.Join(", ", _peers));
        return [.. _faults, .. _peers.SelectMany(static peer => peer.Faults())];
    }

    void IConnectionOwner.Wake()
    {
    }

    void IConnectionOwner.BeforeBlocking()
    {
    }

    void IConnectionOwner.Ended(Connection? connection) => _ended++;

    private static MilterDescriptor Descriptor() => SessionDriver.Need((MilterStages)0x3FFF);

    private void Post(Connection connection)
    {
        lock (_posted)
        {
            _posted.Enqueue(connection);
        }
    }

    // A thread of the loop: its buffer is for all connections.
    private void Serve()
    {
        var scratch = new Scratch();
        while (true)
        {
            _scheduler.Until(() => _posted.Count > 0 || IsOver);
            Connection? next;
            lock (_posted)
            {
                _posted.TryDequeue(out next);
            }

            if (next is not null)
            {
                next.Run(scratch);
            }
            else if (IsOver)
            {
                return;
            }
        }
    }

    private void Tick()
    {
        while (!IsOver)
        {
            _time.Advance(TimeSpan.FromSeconds(_scheduler.Next(7)));
            _peers.ForEach(peer => peer.Connection.Look(_time.GetTimestamp()));
            _scheduler.Place();
        }
    }

    // What handlers await completes on a thread of its own, as on the pool.
    private void Complete()
    {
        while (!IsOver)
        {
            TaskCompletionSource? gate = null;
            lock (_gates)
            {
                if (_gates.Count > 0)
                {
                    int which = _scheduler.Next(_gates.Count);
                    gate = _gates[which];
                    _gates.RemoveAt(which);
                }
            }

            gate?.SetResult();
            _scheduler.Place();
        }
    }

    private ValueTask<Verdict> HandleAsync(MilterStages stage, StepContext step)
    {
        if (stage is not (MilterStages.Body or MilterStages.Eom or MilterStages.Rcpt))
        {
            return default;
        }

        ReadOnlyMemory<byte> seen = step.Memory;
        byte[] was = seen.ToArray();

        // Some keep their thread until their time is up.
        for (int i = _scheduler.Next(5) == 0 ? 80 : _scheduler.Next(6); i > 0; i--)
        {
            _scheduler.Place();
        }

        if (_scheduler.Next(3) != 0)
        {
            Compare(stage, seen, was);
            return default;
        }

        return AwaitAsync(stage, seen, was);
    }

    private async ValueTask<Verdict> AwaitAsync(MilterStages stage, ReadOnlyMemory<byte> seen, byte[] was)
    {
        for (int i = _scheduler.Next(2) == 0 ? 15 : 1; i > 0; i--)
        {
            var gate = new TaskCompletionSource();
            lock (_gates)
            {
                _gates.Add(gate);
            }

            await gate.Task;
            Compare(stage, seen, was);
        }

        return default;
    }

    // What a handler was shown is its own until it has returned, however late that is.
    private void Compare(MilterStages stage, ReadOnlyMemory<byte> seen, byte[] was)
    {
        if (!seen.Span.SequenceEqual(was))
        {
            _faults.Add($"a handler of {stage} was shown {Convert.ToHexString(was)} and sees {Convert.ToHexString(seen.Span)}");
        }
    }

    /// <summary>One MTA with its connection.</summary>
    private sealed class Peer
    {
        private readonly Play _play;
        private readonly MemoryWire _wire;
        private readonly List<byte> _answers = [];
        private readonly byte[] _body;
        private int _asked;
        private bool _hasLeft;

        public Peer(Play play, SessionSettings settings, int number)
        {
            _play = play;
            _body = [.. Enumerable.Repeat((byte)('A' + number), 40)];
            _wire = new MemoryWire(Answer, play.Post);
            Connection = new Connection(play, settings, _wire, $"c{number}", "test");
            Connection.Start();
        }

        public Connection Connection { get; }

        public void Send()
        {
            Say(b => CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF));
            Say(b => CommandWriter.Connect(b, "client.test"u8, ClientFamily.IPv4, 1, "192.0.2.1"u8));
            for (int i = 0; i < Messages && !_hasLeft; i++)
            {
                Say(b => CommandWriter.Mail(b, "<a@example.test>"));
                Say(b => CommandWriter.Rcpt(b, "<b@example.test>"));
                Say(b => CommandWriter.Body(b, _body));
                Say(CommandWriter.EndOfMessage, leaves: _play._leaves && i == Messages - 1);
            }

            if (!_hasLeft)
            {
                using var quit = new FrameBuffer();
                CommandWriter.Quit(quit);
                _wire.Send(quit.WrittenSpan);
                _wire.Shut();
            }
        }

        public override string ToString() => $"{Connection.Id}: {_asked} asked, {Codes()}, busy {Connection.IsBusy}, turn {Connection.Conversation.Turn}";

        /// <summary>Each command has one reply, notices stand before the reply of EOM alone, and nothing comes behind.</summary>
        public IEnumerable<string> Faults()
        {
            string codes = Codes();
            int replies = codes.Count(static code => code != 'p');
            if (_hasLeft ? replies > _asked : replies != _asked)
            {
                yield return $"{_asked} commands, {replies} replies: {codes}";
            }

            // Negotiation and CONNECT, then four replies a message, of which the fourth may have notices before it.
            int reply = 0;
            foreach (char code in codes)
            {
                if (code == 'p' && (reply < 2 || (reply - 2) % 4 != 3))
                {
                    yield return $"a notice that is no part of an answer to EOM: {codes}";
                }

                reply += code == 'p' ? 0 : 1;
            }
        }

        private void Say(Action<FrameBuffer> write, bool leaves = false)
        {
            if (_hasLeft)
            {
                return;
            }

            using var frame = new FrameBuffer();
            write(frame);
            _asked++;
            _wire.Send(frame.WrittenSpan);
            if (leaves)
            {
                _hasLeft = true;
                _play._scheduler.Place();
                _wire.Shut();
                return;
            }

            _play._scheduler.Until(() => Codes().Count(static code => code != 'p') >= _asked);
        }

        private string Codes()
        {
            lock (_answers)
            {
                byte[] bytes = [.. _answers];
                var codes = new List<char>();
                for (ReadOnlySpan<byte> rest = bytes; FrameReader.TryRead(rest, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete; rest = rest[length..])
                {
                    codes.Add((char)frame.Code);
                }

                return new string([.. codes]);
            }
        }

        private int Answer(ReadOnlyMemory<byte> frames)
        {
            _play._scheduler.Place();
            lock (_answers)
            {
                _answers.AddRange(frames.Span);
            }

            return frames.Length;
        }
    }
}
