using Microsoft.Extensions.Logging;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Testing;
using Milter.Transport;

namespace Milter.Runtime.Tests.Session;

/// <summary>Plays the MTA to one session, without sockets, and says in short words what came back.</summary>
internal sealed class SessionDriver : IConnectionOwner
{
    private readonly FrameBuffer _out = new();
    private readonly List<byte> _sent = [];
    private readonly TimeProvider _time;
    private readonly MemoryWire _wire;
    private readonly Connection _connection;

    public SessionDriver(MilterDescriptor descriptor, Func<MilterStages, StepContext, ValueTask<Verdict>>? on = null, Func<SessionSettings, SessionSettings>? with = null)
    {
        on ??= (_, _) => default;
        SessionSettings settings = SessionSettings.Of(
            descriptor,
            _ =>
            {
                Filters.Add(new TestFilter(on));
                return Filters[^1];
            },
            new NoServices(),
            Log,
            new MilterOptions());
        settings = with?.Invoke(settings) ?? settings;
        _time = settings.Time;
        _wire = new MemoryWire(Answer);
        _connection = new Connection(this, settings, _wire, "c1", "test");
        _connection.Start();
    }

    public Conversation Session => _connection.Conversation;

    public List<TestFilter> Filters { get; } = [];

    public TestLog Log { get; } = new();

    public IEnumerable<string> Calls => Filters.SelectMany(filter => filter.Calls);

    public bool IsClosed => _wire.IsClosed;

    public bool IsSuspended => Session.Turn.IsActive;

    /// <summary>What every stage handles and replies to.</summary>
    public static MilterDescriptor Everything(Func<MilterDescriptor>? make = null) => make?.Invoke() ?? Need((MilterStages)0x3FFF);

    public static MilterDescriptor Need(
        MilterStages handles,
        ProtocolSteps waived = 0,
        ProtocolSteps wanted = ProtocolSteps.Skip,
        MilterActions required = 0,
        MilterActions wantedActions = (MilterActions)0xFF,
        CollectedData collects = 0,
        string[]? macros = null,
        int bodyConsumers = 1,
        bool perMessage = false) => new()
        {
            ContractVersion = MilterDescriptor.CurrentContractVersion,
            Name = "Test",
            Handles = handles,
            Waived = waived,
            Wanted = wanted,
            RequiredActions = required,
            WantedActions = wantedActions,
            Collects = collects,
            Macros = macros ?? [],
            BodyConsumers = bodyConsumers,
            HasPerMessageState = perMessage,
        };

    /// <summary>Sends frames in one piece and returns the replies.</summary>
    public string Send(Action<FrameBuffer> write)
    {
        _out.Clear();
        write(_out);
        return SendRaw(_out.WrittenSpan.ToArray());
    }

    public string SendRaw(byte[] bytes)
    {
        _wire.Send(bytes);
        return Take();
    }

    /// <summary>Sends bytes, and does not wait for what comes of them: their handlers run on the thread that calls.</summary>
    public void Feed(byte[] bytes) => _wire.Send(bytes);

    /// <summary>Lets the clock look.</summary>
    /// <returns>Whether a turn has expired by that.</returns>
    public bool Watch()
    {
        Turn turn = Session.Turn;
        _connection.Look(_time.GetTimestamp());
        return !ReferenceEquals(turn, Session.Turn);
    }

    /// <summary>Lets the MTA leave, and waits until the filter has been told.</summary>
    public async Task EndAsync()
    {
        _wire.Shut();
        await _connection.Ended.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Lets the MTA leave.</summary>
    public void Leave() => _wire.Shut();

    /// <summary>Awaits the pending handlers and what follows from them.</summary>
    public async Task<string> FinishAsync()
    {
        await SettleAsync();
        return Take();
    }

    /// <summary>Awaits the pending handlers and what follows from them.</summary>
    public async Task SettleAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (_connection.IsBusy && !_connection.Ended.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    /// <summary>What has come back since it was last asked.</summary>
    public string Take() => Describe(TakeBytes());

    /// <summary>What has come back since it was last asked, as bytes.</summary>
    public byte[] TakeBytes()
    {
        lock (_sent)
        {
            byte[] sent = [.. _sent];
            _sent.Clear();
            return sent;
        }
    }

    /// <summary>Negotiates with everything offered; other offers by argument.</summary>
    public string Negotiate(uint version = 6, uint actions = 0x1FF, uint steps = 0x1FFFFF) =>
        Send(b => CommandWriter.OptNeg(b, version, (MilterActions)actions, (ProtocolSteps)steps));

    public string Connect() => Send(b => CommandWriter.Connect(b, "client.example.test"u8, ClientFamily.IPv4, 1234, "192.0.2.7"u8));

    public string Helo(string name = "client.example.test") => Send(b => CommandWriter.Helo(b, name));

    public string Mail(string sender = "<a@example.test>") => Send(b => CommandWriter.Mail(b, sender));

    public string Rcpt(string recipient = "<b@example.test>") => Send(b => CommandWriter.Rcpt(b, recipient));

    public string Data() => Send(CommandWriter.Data);

    public string Header(string name = "Subject", string value = "hi") => Send(b => CommandWriter.Header(b, name, value));

    public string Eoh() => Send(CommandWriter.EndOfHeaders);

    public string Body(string text = "body\r\n") => Send(b => CommandWriter.Body(b, WireText.GetBytes(text)));

    public string Eom() => Send(CommandWriter.EndOfMessage);

    public string Abort() => Send(CommandWriter.Abort);

    public string Quit() => Send(CommandWriter.Quit);

    public string QuitNewConnection() => Send(CommandWriter.QuitNewConnection);

    public string Unknown(string command = "FOO") => Send(b => CommandWriter.Unknown(b, command));

    public string Macros(MilterCommand command, params (string Name, string Value)[] macros) =>
        Send(b => CommandWriter.Macros(b, command, macros.Select(m => KeyValuePair.Create(m.Name, m.Value)).ToArray()));

    /// <summary>A whole message up to its end, replies joined by blanks.</summary>
    public string Message() => string.Join(' ', new[] { Mail(), Rcpt(), Data(), Header(), Eoh(), Body(), Eom() }.Where(reply => reply.Length > 0));

    /// <summary>Up to the envelope's end.</summary>
    public SessionDriver Started()
    {
        Negotiate();
        Connect();
        Helo();
        return this;
    }

    void IConnectionOwner.Wake()
    {
    }

    void IConnectionOwner.BeforeBlocking()
    {
    }

    void IConnectionOwner.Ended(Connection? connection)
    {
    }

    private int Answer(ReadOnlyMemory<byte> frames)
    {
        lock (_sent)
        {
            _sent.AddRange(frames.Span);
        }

        return frames.Length;
    }

    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<string>();
        while (!bytes.IsEmpty)
        {
            Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(bytes, MilterLimits.MaxPayload1M, out Frame frame, out int length));
            string payload = frame.Reply == MilterReply.OptNeg
                ? Convert.ToHexStringLower(frame.Payload)
                : WireText.GetString(frame.Payload).Replace('\0', '|').TrimEnd('|');
            parts.Add(payload.Length == 0 ? ((char)frame.Code).ToString() : $"{(char)frame.Code}:{payload}");
            bytes = bytes[length..];
        }

        return string.Join(' ', parts);
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}

/// <summary>Keeps what was logged.</summary>
internal sealed class TestLog : ILogger
{
    private readonly List<string> _lines = [];

    /// <summary>Gets what was logged up to now.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add($"{logLevel} {eventId.Id}: {formatter(state, exception)}");
        }
    }
}
