using Milter.CompilerServices;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>
/// One connection's conversation with an MTA: bytes in, bytes out, or suspended. The one place that knows the order of the protocol,
/// what a verdict ends and which reply is owed.
/// </summary>
/// <remarks>
/// One owner at a time calls <see cref="Process"/>, <see cref="Resume"/> and <see cref="EndAsync"/>; any thread may call <see cref="Watch"/>
/// (under the connection's write gate), <see cref="PeerGone"/> and <see cref="BeginDrain"/>.
/// <para>This file reads frames; <c>.Steps</c> takes each step's data, <c>.Decisions</c> may answer it, <c>.Runs</c> calls its handlers, <c>.Replies</c> replies;
/// <c>.Messages</c> begins and ends messages, <c>.End</c> sessions; <c>.Watch</c> knows the time.</para>
/// </remarks>
internal sealed partial class MilterSession
{
    private readonly SessionSettings _settings;
    private readonly ISessionHost _host;
    private readonly MilterDescriptor _descriptor;
    private readonly SessionFacts _facts;

    private FilterInstance _instance;
    private bool _negotiated;
    private bool _closed;
    private MilterCommand _command;
    private ReadOnlyMemory<byte> _payload;
    private After _after;

    public MilterSession(SessionSettings settings, ISessionHost host, string connectionId, string peer)
    {
        _settings = settings;
        _host = host;
        _descriptor = settings.Descriptor;
        _instance = new FilterInstance(settings);
        _facts = new SessionFacts(settings.MacroNames);
        _run = new HandlerRun(settings);
        _step = new StepContext(this);
        _receipt = new MessageReceipt(settings);
        ConnectionId = connectionId;
        Peer = peer;
        Context = new MilterContext(this);
    }

    /// <summary>What is done once the pending handlers have returned.</summary>
    private enum After
    {
        /// <summary>Nothing: read on.</summary>
        Nothing,

        /// <summary>Their verdict is the reply to the current command.</summary>
        CompleteStep,

        /// <summary>Their verdict is about the body that came with EOM; the message's end comes next.</summary>
        CompleteLastChunk,

        /// <summary>The message or session before is over; the current command is handled now.</summary>
        HandleCommand,
    }

    public string ConnectionId { get; }

    public string Peer { get; }

    public string EndPoint => _settings.EndPoint;

    /// <summary>Gets the bytes that are owed to the MTA. The owner writes all of them in one write and clears the buffer.</summary>
    public FrameBuffer Output { get; } = new();

    public SessionTerms Agreed { get; private set; }

    public int MaxPayload { get; private set; } = MilterLimits.MaxPayload;

    /// <summary>Gets the task to await while suspended. It may fault: <see cref="Resume"/> deals with that.</summary>
    public Task Pending => _run.Sequence ?? _run.Handlers ?? Task.CompletedTask;

    /// <summary>Gets how many bytes of the input of the current (or last) <see cref="Process"/> are used up.</summary>
    public int DeposedAt { get; private set; }

    public MilterContext Context { get; }

    public SessionFacts Facts => _facts;

    /// <summary>Gets the payload of the current step that handlers see.</summary>
    public ReadOnlyMemory<byte> StepData { get; private set; }

    /// <summary>Gets the name of the header field at HEADER.</summary>
    public ReadOnlyMemory<byte> StepName { get; private set; }

    /// <summary>Handles every complete frame of the input.</summary>
    /// <param name="input">The bytes, kept unchanged by the caller until the session is no longer suspended.</param>
    /// <param name="consumed">How many of them are used up.</param>
    /// <returns>What the owner does next.</returns>
    public SessionStatus Process(ReadOnlyMemory<byte> input, out int consumed)
    {
        consumed = 0;
        BeginBatch();
        SessionStatus status = SessionStatus.NeedMore;
        while (status == SessionStatus.NeedMore && !_closed)
        {
            FrameStatus frame = FrameReader.TryRead(input.Span[consumed..], MaxPayload, out _, out int length);
            if (frame == FrameStatus.Incomplete)
            {
                EndBatch();
                return SessionStatus.NeedMore;
            }

            if (frame != FrameStatus.Complete)
            {
                return Garbage(input.Span[consumed..], frame == FrameStatus.Empty ? "a frame of length 0" : "a frame longer than agreed");
            }

            _command = (MilterCommand)input.Span[consumed + MilterLimits.FrameHeader - 1];
            _payload = input.Slice(consumed + MilterLimits.FrameHeader, length - MilterLimits.FrameHeader);
            consumed += length;
            DeposedAt = consumed;
            status = Handle();
        }

        return _closed && status == SessionStatus.NeedMore ? SessionStatus.Closed : status;
    }

    /// <summary>Goes on after <see cref="Pending"/> has completed.</summary>
    /// <returns>What the owner does next; on <see cref="SessionStatus.NeedMore"/> the rest of the input is processed.</returns>
    public SessionStatus Resume()
    {
        HandlerRun run = _run;
        if (_after is After.Nothing or After.HandleCommand)
        {
            // Several handlers may have run one after the other; each has ended its own run.
            Task<bool> sequence = run.Sequence!;
            run.Sequence = null;
            return Continue(run, new ValueTask<bool>(sequence), _after);
        }

        Task handlers = run.Handlers!;
        if (!run.TryEnd())
        {
            return SessionStatus.Deposed;
        }

        _renewPlan = true;
        Verdict verdict = VerdictOf(handlers);
        return _after == After.CompleteStep ? CompleteStep(verdict) : CompleteLastChunk(verdict);
    }

    private SessionStatus Handle()
    {
        if (!_negotiated && _command != MilterCommand.OptNeg)
        {
            return Garbage(default, $"{Name(_command)} before the negotiation");
        }

        switch (_command)
        {
            case MilterCommand.OptNeg:
                return Negotiate();
            case MilterCommand.Macro:
                return StoreMacros();
            case MilterCommand.Abort:
                return Abort();
            case MilterCommand.Quit:
                return Close();
            case MilterCommand.QuitNewConnection:
                return EndSession();
            default:
                return StepInfo.Of(_command) is { } step ? Step(step) : Garbage(default, $"the unknown command {Name(_command)}");
        }
    }

    private SessionStatus Negotiate()
    {
        if (!OptNegPayload.TryRead(_payload.Span, out OptNegPayload offer, out string? error))
        {
            return Garbage(default, error!);
        }

        if (offer.Version < MilterLimits.MinVersion)
        {
            SessionLog.VersionTooOld(_settings.Logger, ConnectionId, offer.Version);
            return Close();
        }

        if (_message != MessagePhase.None)
        {
            return EndMessage(GivenUp(), After.HandleCommand);
        }

        _refusal = default;
        _facts.Macros.EndMessage();
        Agreed = Negotiation.Agree(_settings, offer);
        MaxPayload = Agreed.MaxPayload;
        _negotiated = true;
        _settings.Observer.Negotiated(Agreed.Missing);
        if (Agreed.Missing != 0 && !TellMissing())
        {
            return Close();
        }

        ReplyWriter.OptNeg(Output, Agreed.Version, Agreed.Actions, Agreed.Steps, SymbolLists());
        SessionLog.Negotiated(_settings.Logger, ConnectionId, Agreed.Version, Agreed.Actions, Agreed.Steps);
        return SessionStatus.NeedMore;
    }

    private ReadOnlySpan<SymbolList> SymbolLists() => (Agreed.Actions & MilterActions.SetSymbolList) == 0
        ? default
        : _descriptor.SymbolLists as SymbolList[] ?? [.. _descriptor.SymbolLists];

    private bool TellMissing()
    {
        string who = string.Join(", ", _descriptor.Causes.Where(cause => (cause.Action & Agreed.Missing) != 0).Select(cause => $"{cause.Member} ({ProtocolNames.Of(cause.Action)})").Distinct());
        SessionLog.MissingCapability(_settings.Logger, ConnectionId, Agreed.Missing, who, _settings.OnMissingCapability);
        if (_settings.OnMissingCapability == MissingCapability.TempFail)
        {
            _refusal = Verdict.TempFail();
        }

        return _settings.OnMissingCapability != MissingCapability.Close;
    }

    private SessionStatus StoreMacros()
    {
        if (!MacroPayload.TryRead(_payload.Span, out MacroPayload macros, out string? error))
        {
            return Garbage(default, error!);
        }

        if (macros.Command == MilterCommand.Mail)
        {
            // Sendmail says nothing else when a message was given up after a MAIL without a reply.
            if (_message != MessagePhase.None)
            {
                return EndMessage(GivenUp(), After.HandleCommand);
            }

            if (Owed() is { } settled)
            {
                return settled;
            }

            _facts.Macros.EndMessage();
        }

        _recipientMacros |= macros.Command == MilterCommand.Rcpt;
        _facts.Macros.Store(macros.Command, _payload.Span);
        return SessionStatus.NeedMore;
    }

    private SessionStatus Close()
    {
        _closed = true;
        return SessionStatus.Closed;
    }

    private SessionStatus Garbage(ReadOnlySpan<byte> input, string what)
    {
        string speaks = _negotiated ? "" : Looks(input);
        SessionLog.Garbage(_settings.Logger, ConnectionId, Peer, what, speaks);
        return Close();
    }

    private static string Looks(ReadOnlySpan<byte> input) => input switch
    {
        [0x16, 0x03, ..] => "; it looks like TLS: the milter protocol has none, let the MTA connect in the clear",
        [(byte)'E' or (byte)'H' or (byte)'e' or (byte)'h', _, (byte)'L' or (byte)'l', (byte)'O' or (byte)'o', ..] => "; it looks like SMTP: is this endpoint listed as a mail server?",
        [(byte)'G', (byte)'E', (byte)'T', ..] or [(byte)'P', (byte)'O', (byte)'S', (byte)'T', ..] or [(byte)'H', (byte)'E', (byte)'A', (byte)'D', ..] => "; it looks like HTTP: a health check should open a connection and close it",
        _ => "",
    };

    private static string Name(MilterCommand command) => Enum.IsDefined(command) ? command.ToString() : $"0x{(byte)command:x2}";
}
