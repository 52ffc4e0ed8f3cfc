using Microsoft.Extensions.Logging;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;

namespace Milter.Runtime.Tests.Session;

/// <summary>Plays the MTA to one session, without sockets, and says in short words what came back.</summary>
internal sealed class SessionDriver : ISessionHost
{
    private readonly FrameBuffer _out = new();
    private readonly List<byte> _sent = [];
    private byte[] _rest = [];

    public SessionDriver(MilterDescriptor descriptor, Func<MilterStages, StepContext, ValueTask<Verdict>>? on = null, Func<SessionSettings, SessionSettings>? with = null)
    {
        on ??= (_, _) => default;
        var settings = new SessionSettings
        {
            Descriptor = descriptor,
            Create = _ =>
            {
                Filters.Add(new TestFilter(on));
                return Filters[^1];
            },
            Services = new NoServices(),
            Logger = Log,
        };
        Session = new MilterSession(with?.Invoke(settings) ?? settings, this, "c1", "test");
    }

    public MilterSession Session { get; }

    public List<TestFilter> Filters { get; } = [];

    public TestLog Log { get; } = new();

    public IEnumerable<string> Calls => Filters.SelectMany(filter => filter.Calls);

    public SessionStatus Status { get; private set; }

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
        _rest = [.. _rest, .. bytes];
        Status = SessionStatus.NeedMore;
        Pump();
        return Take();
    }

    /// <summary>Lets the watchdog look, and goes on as the new owner where it made one.</summary>
    public bool Watch()
    {
        if (!Session.Watch())
        {
            return false;
        }

        Status = SessionStatus.NeedMore;
        return true;
    }

    /// <summary>Awaits the pending handlers and goes on.</summary>
    public async Task<string> FinishAsync()
    {
        while (Status == SessionStatus.Suspended)
        {
            Task pending = Session.Pending;
            await pending.WaitAsync(TimeSpan.FromMinutes(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.True(pending.IsCompleted);
            Status = Session.Resume();
            if (Status == SessionStatus.NeedMore)
            {
                Pump();
            }
        }

        return Take();
    }

    /// <summary>What has come back since it was last asked.</summary>
    public string Take()
    {
        Flush();
        string text = Describe(_sent.ToArray());
        _sent.Clear();
        return text;
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

    void ISessionHost.SendNow(ReadOnlySpan<byte> frames)
    {
        Flush();
        _sent.AddRange(frames);
    }

    public void Flush()
    {
        _sent.AddRange(Session.Output.WrittenSpan);
        Session.Output.Clear();
    }

    private void Pump()
    {
        while (Status == SessionStatus.NeedMore)
        {
            byte[] input = _rest;
            Status = Session.Process(input, out int consumed);
            _rest = input[consumed..];
            if (Status == SessionStatus.NeedMore)
            {
                return;
            }
        }
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
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
        {
            Lines.Add($"{logLevel} {eventId.Id}: {formatter(state, exception)}");
        }
    }
}
