using Milter.CompilerServices;

namespace Milter.Runtime.Tests.Session;

/// <summary>A dispatcher written by hand: one function for all stages, and a record of what was called.</summary>
internal sealed class TestFilter(Func<MilterStages, StepContext, ValueTask<Verdict>> on) : IMilterDispatcher, IDisposable
{
    private readonly List<string> _calls = [];

    /// <summary>Gets what was called up to now. It stays as it is while handlers that are late go on elsewhere.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public bool Disposed { get; private set; }

    public ValueTask<Verdict> OnConnect(StepContext step) => Call(MilterStages.Connect, step);

    public ValueTask<Verdict> OnHelo(StepContext step) => Call(MilterStages.Helo, step);

    public ValueTask<Verdict> OnMail(StepContext step) => Call(MilterStages.Mail, step);

    public ValueTask<Verdict> OnRcpt(StepContext step) => Call(MilterStages.Rcpt, step);

    public ValueTask<Verdict> OnRejectedRcpt(StepContext step) => Call(MilterStages.RejectedRcpt, step);

    public ValueTask<Verdict> OnData(StepContext step) => Call(MilterStages.Data, step);

    public ValueTask<Verdict> OnHeader(StepContext step) => Call(MilterStages.Header, step);

    public ValueTask<Verdict> OnEoh(StepContext step) => Call(MilterStages.Eoh, step);

    public ValueTask<Verdict> OnBody(StepContext step) => Call(MilterStages.Body, step);

    public ValueTask<Verdict> OnEom(StepContext step) => Call(MilterStages.Eom, step);

    public ValueTask<Verdict> OnUnknown(StepContext step) => Call(MilterStages.Unknown, step);

    public ValueTask<Verdict> OnAbort(StepContext step) => Call(MilterStages.Abort, step);

    public ValueTask<Verdict> OnMessageEnd(StepContext step)
    {
        Note($"MessageEnd:{step.Outcome}");
        return on(MilterStages.MessageEnd, step);
    }

    public ValueTask<Verdict> OnClose(StepContext step) => Call(MilterStages.Close, step);

    /// <summary>What is done at a reset besides noting it.</summary>
    public Action? Resetting { get; set; }

    public void ResetMessage()
    {
        Note("Reset");
        Resetting?.Invoke();
    }

    public void Dispose()
    {
        Note("Dispose");
        Disposed = true;
    }

    private ValueTask<Verdict> Call(MilterStages stage, StepContext step)
    {
        Note(stage.ToString());
        return on(stage, step);
    }

    private void Note(string call)
    {
        lock (_calls)
        {
            _calls.Add(call);
        }
    }
}
