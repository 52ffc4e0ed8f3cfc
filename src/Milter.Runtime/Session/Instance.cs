using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Milter.CompilerServices;

namespace Milter.Session;

/// <summary>The filter's instance of one SMTP session with its services, made when first needed; what it is owed; and whether it may be asked.</summary>
/// <remarks>Services of handler parameters come from a scope that lives as long as the message; in stages without a message from that of the session.</remarks>
internal sealed class Instance(SessionSettings settings)
{
    private IMilterDispatcher? _filter;
    private AsyncServiceScope? _session;
    private AsyncServiceScope? _message;
    private BoundValues? _values;
    private Task _late = Task.CompletedTask;
    private Owed _owed;

    /// <summary>Gets or sets a value indicating whether no code is to be called, even if what is late returns at this very moment.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Gets a value indicating whether the instance is at work on something whose time was up: until that returns, none of its handlers may be called.</summary>
    public bool IsBusy
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsHeld || !_late.IsCompleted;
    }

    /// <summary>Gets a value indicating whether something is owed.</summary>
    public bool IsOwed => _owed != Owed.None;

    public bool Exists => _filter is not null;

    /// <summary>Gets how the message has ended whose end is owed to the handlers.</summary>
    public MessageOutcome Outcome { get; private set; }

    /// <summary>Gets what ends when the late code has returned.</summary>
    public Task Late => _late;

    public IMilterDispatcher Get() => _filter ??= settings.Create(SessionServices());

    public IServiceProvider SessionServices() => Services(ref _session, settings.Services);

    public IServiceProvider MessageServices() => Services(ref _message, settings.Services);

    /// <summary>What binders make of the message.</summary>
    /// <param name="step">What they are given.</param>
    public BoundValues Values(StepContext step) => _values ??= new BoundValues(new MessageBindingContext(step));

    /// <summary>Handlers have thrown: what they did to values is not completed, at a later stage either.</summary>
    public void LeaveValues() => _values?.Leave();

    /// <summary>The instance is left to code that is late.</summary>
    public void LeaveTo(Task late) => _late = late;

    public void Owe(Owed what) => _owed |= what;

    /// <summary>Its session is over: no handler is owed anything any more.</summary>
    public void OnlyDispose() => _owed = Owed.Disposals;

    /// <summary>A message has ended.</summary>
    /// <param name="outcome">How.</param>
    public void OweMessage(MessageOutcome outcome)
    {
        Outcome = outcome;
        bool isLost = outcome is MessageOutcome.Aborted or MessageOutcome.ConnectionLost;
        Owed handlers = Handles(MilterStages.MessageEnd, Owed.MessageEnd) | (isLost ? Handles(MilterStages.Abort, Owed.Abort) : Owed.None);
        Owe(handlers);
        if (_values is not null)
        {
            Owe(Owed.Values);
        }

        if (handlers != Owed.None || _message is not null)
        {
            Owe(Owed.MessageServices);
        }

        if (settings.Descriptor.HasPerMessageState && (handlers != Owed.None || Exists))
        {
            Owe(Owed.Reset);
        }
    }

    /// <summary>Takes the next of what is owed. What has begun is not owed again, whatever becomes of it.</summary>
    public bool TryTakeOwed(out Owed what)
    {
        what = (Owed)((int)_owed & -(int)_owed);
        _owed &= ~what;
        return what != Owed.None;
    }

    /// <summary>Does what is owed.</summary>
    public ValueTask<Verdict> DoAsync(Owed what, StepContext step)
    {
        switch (what)
        {
            case Owed.Abort:
                return Get().OnAbort(step);
            case Owed.MessageEnd:
                return Get().OnMessageEnd(step);
            case Owed.Close when _filter is { } filter:
                return filter.OnClose(step);
            case Owed.Reset when _filter is { } filter:
                return Disposed(filter.ResetMessageAsync());
            case Owed.Values when _values is { } values:
                _values = null;
                return Disposed(values.DisposeAsync());
            case Owed.MessageServices when _message is { } scope:
                _message = null;
                return Disposed(scope.DisposeAsync());
            case Owed.Filter when _filter is { } filter:
                _filter = null;
                return Dispose(filter);
            case Owed.SessionServices when _session is { } scope:
                _session = null;
                return Disposed(scope.DisposeAsync());
            default:
                return default;
        }
    }

    /// <summary>The stage that stands for what is owed in the log and on the clock.</summary>
    public static MilterStages StageOf(Owed what) => what switch
    {
        Owed.Abort => MilterStages.Abort,
        Owed.MessageEnd or Owed.Values or Owed.MessageServices or Owed.Reset => MilterStages.MessageEnd,
        _ => MilterStages.Close,
    };

    private Owed Handles(MilterStages stage, Owed owed) => (settings.Descriptor.Handles & stage) != 0 ? owed : Owed.None;

    private static ValueTask<Verdict> Dispose(IMilterDispatcher filter)
    {
        if (filter is IAsyncDisposable asyncDisposable)
        {
            return Disposed(asyncDisposable.DisposeAsync());
        }

        (filter as IDisposable)?.Dispose();
        return default;
    }

    private static ValueTask<Verdict> Disposed(ValueTask disposal)
    {
        if (disposal.IsCompletedSuccessfully)
        {
            disposal.GetAwaiter().GetResult();
            return default;
        }

        return WaitAsync(disposal);

        static async ValueTask<Verdict> WaitAsync(ValueTask disposal)
        {
            await disposal.ConfigureAwait(false);
            return default;
        }
    }

    // Without a container there are no scopes: the one provider serves all.
    private static IServiceProvider Services(ref AsyncServiceScope? scope, IServiceProvider root)
    {
        if (scope is null && root.GetService(typeof(IServiceScopeFactory)) is IServiceScopeFactory factory)
        {
            scope = new AsyncServiceScope(factory.CreateScope());
        }

        return scope?.ServiceProvider ?? root;
    }
}

/// <summary>What is owed to a filter's instance at the end of a message or a session, in the order in which it is done.</summary>
[Flags]
internal enum Owed
{
    None = 0,

    /// <summary>The handlers of ABORT.</summary>
    Abort = 1,

    /// <summary>The handlers of a message's end.</summary>
    MessageEnd = 2,

    /// <summary>The disposal of what binders have made of the message.</summary>
    Values = 4,

    /// <summary>The disposal of the message's services.</summary>
    MessageServices = 8,

    /// <summary>The reset of the members marked with <see cref="PerMessageAttribute"/>.</summary>
    Reset = 16,

    /// <summary>The handlers of the session's end.</summary>
    Close = 32,

    /// <summary>The disposal of the instance.</summary>
    Filter = 64,

    /// <summary>The disposal of the session's services.</summary>
    SessionServices = 128,

    /// <summary>All that is handlers.</summary>
    Handlers = Abort | MessageEnd | Close,

    /// <summary>All that is no handler.</summary>
    Disposals = Values | MessageServices | Filter | SessionServices,
}
