using Milter.CompilerServices;
using Milter.Protocol;

namespace Milter.Session;

/// <content>Just enough of a session to drive a transport: every command calls its handler and is answered; MAIL is refused while draining.</content>
internal sealed partial class MilterSession(SessionSettings settings, ISessionHost host, string connectionId, string peer)
{
    private const int Idle = 0, Running = 1, Expired = 2;

    private int _run;
    private long _since;
    private long _told;
    private bool _atEom;
    private Task<Verdict>? _pending;
    private IMilterDispatcher? _filter;
    private CancellationTokenSource? _source;
    private volatile bool _drains;

    public string ConnectionId => connectionId + peer;

    public FrameBuffer Output { get; } = new();

    public int MaxPayload => MilterLimits.MaxPayload;

    public Task Pending => _pending!;

    public int DeposedAt { get; private set; }

    public bool IsIdle => _run == Idle;

    public CancellationToken Cancellation => (_source ??= new()).Token;

    public SessionStatus Process(ReadOnlyMemory<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            switch (FrameReader.TryRead(input.Span[consumed..], MaxPayload, out Frame frame, out int length))
            {
                case FrameStatus.Incomplete:
                    return SessionStatus.NeedMore;
                case not FrameStatus.Complete:
                    return SessionStatus.Closed;
            }

            StepData = input.Slice(consumed + 5, length - 5);
            consumed += length;
            DeposedAt = consumed;
            SessionStatus status = Handle(frame.Command);
            if (status != SessionStatus.NeedMore)
            {
                return status;
            }
        }
    }

    public SessionStatus Resume()
    {
        Task<Verdict> pending = _pending!;
        _pending = null;
        return End(new ValueTask<Verdict>(pending));
    }

    public bool Watch()
    {
        if (Volatile.Read(ref _run) != Running)
        {
            return false;
        }

        long now = settings.Time.GetTimestamp();
        if (_atEom && settings.Time.GetElapsedTime(_told, now) >= settings.ProgressInterval)
        {
            _told = now;
            host.SendNow([0, 0, 0, 1, (byte)MilterReply.Progress]);
        }

        if (settings.Time.GetElapsedTime(_since, now) < (_atEom ? settings.EndOfMessageBudget : settings.CommandBudget) + settings.ExpiryGrace
            || Interlocked.CompareExchange(ref _run, Expired, Running) != Running)
        {
            return false;
        }

        _source?.Cancel();
        _run = Idle;
        _generation++;
        Output.WriteFrame((byte)MilterReply.TempFail);
        return true;
    }

    public void PeerGone() => _source?.Cancel();

    public void BeginDrain() => _drains = true;

    public async ValueTask EndAsync(bool connectionLost)
    {
        Outcome = connectionLost ? MessageOutcome.ConnectionLost : MessageOutcome.Passed;
        if (_filter is not null && (settings.Descriptor.Handles & MilterStages.Close) != 0)
        {
            await _filter.OnClose(new StepContext(this)).ConfigureAwait(false);
        }

        Output.Dispose();
    }

    private int _generation;

    private SessionStatus Handle(MilterCommand command)
    {
        switch (command)
        {
            case MilterCommand.OptNeg:
                ReplyWriter.OptNeg(Output, 6, 0, 0, default);
                return SessionStatus.NeedMore;
            case MilterCommand.Macro or MilterCommand.Abort:
                return SessionStatus.NeedMore;
            case MilterCommand.Quit:
                return SessionStatus.Closed;
            case MilterCommand.Mail or MilterCommand.Rcpt when _drains || settings.Refuse:
                ReplyWriter.ReplyCode(Output, ReplyText.Encode(421, "4.3.2", "Closing"));
                return SessionStatus.NeedMore;
            case not (MilterCommand.Connect or MilterCommand.Helo or MilterCommand.Mail or MilterCommand.Rcpt or MilterCommand.Data
                or MilterCommand.Header or MilterCommand.EndOfHeaders or MilterCommand.Body or MilterCommand.EndOfMessage or MilterCommand.Unknown):
                return SessionStatus.Closed;
        }

        _filter ??= settings.Create(settings.Services);
        _atEom = command == MilterCommand.EndOfMessage;
        _since = _told = settings.Time.GetTimestamp();
        int generation = _generation;
        Volatile.Write(ref _run, Running);
        var step = new StepContext(this);
        ValueTask<Verdict> verdict = command switch
        {
            MilterCommand.Rcpt when (settings.Descriptor.Handles & MilterStages.Rcpt) != 0 => _filter.OnRcpt(step),
            MilterCommand.EndOfMessage when (settings.Descriptor.Handles & MilterStages.Eom) != 0 => _filter.OnEom(step),
            _ => default,
        };
        if (_generation != generation)
        {
            return SessionStatus.Deposed;
        }

        if (!verdict.IsCompleted)
        {
            _pending = verdict.AsTask();
            return SessionStatus.Suspended;
        }

        return End(verdict);
    }

    private SessionStatus End(ValueTask<Verdict> verdict)
    {
        if (Interlocked.CompareExchange(ref _run, Idle, Running) != Running)
        {
            return SessionStatus.Deposed;
        }

        VerdictKind kind = verdict.IsCompletedSuccessfully ? verdict.Result.Kind : VerdictKind.TempFail;
        Output.WriteFrame((byte)(kind switch
        {
            VerdictKind.Accept => MilterReply.Accept,
            VerdictKind.Reject => MilterReply.Reject,
            VerdictKind.TempFail => MilterReply.TempFail,
            _ => MilterReply.Continue,
        }));
        return SessionStatus.NeedMore;
    }
}
