using Milter.CompilerServices;

namespace Milter.Testing;

/// <summary>A filter's instance under the eyes of a <see cref="CallLog"/>.</summary>
internal sealed class WatchedFilter : IMilterDispatcher, IAsyncDisposable
{
    private readonly IMilterDispatcher _filter;
    private readonly CallLog _calls;

    public WatchedFilter(IMilterDispatcher filter, CallLog calls)
    {
        _filter = filter;
        _calls = calls;
        calls.Made();
    }

    public ValueTask<Verdict> OnConnect(StepContext step) => Noted(MilterStages.Connect).OnConnect(step);

    public ValueTask<Verdict> OnHelo(StepContext step) => Noted(MilterStages.Helo).OnHelo(step);

    public ValueTask<Verdict> OnMail(StepContext step) => Noted(MilterStages.Mail).OnMail(step);

    public ValueTask<Verdict> OnRcpt(StepContext step) => Noted(MilterStages.Rcpt).OnRcpt(step);

    public ValueTask<Verdict> OnRejectedRcpt(StepContext step) => Noted(MilterStages.RejectedRcpt).OnRejectedRcpt(step);

    public ValueTask<Verdict> OnData(StepContext step) => Noted(MilterStages.Data).OnData(step);

    public ValueTask<Verdict> OnHeader(StepContext step) => Noted(MilterStages.Header).OnHeader(step);

    public ValueTask<Verdict> OnEoh(StepContext step) => Noted(MilterStages.Eoh).OnEoh(step);

    public ValueTask<Verdict> OnBody(StepContext step) => Noted(MilterStages.Body).OnBody(step);

    public ValueTask<Verdict> OnEom(StepContext step) => Noted(MilterStages.Eom).OnEom(step);

    public ValueTask<Verdict> OnUnknown(StepContext step) => Noted(MilterStages.Unknown).OnUnknown(step);

    public ValueTask<Verdict> OnAbort(StepContext step) => Noted(MilterStages.Abort).OnAbort(step);

    public ValueTask<Verdict> OnMessageEnd(StepContext step) => Noted(MilterStages.MessageEnd).OnMessageEnd(step);

    public ValueTask<Verdict> OnClose(StepContext step) => Noted(MilterStages.Close).OnClose(step);

    public void ResetMessage() => _filter.ResetMessage();

    public ValueTask ResetMessageAsync() => _filter.ResetMessageAsync();

    public async ValueTask DisposeAsync()
    {
        if (_filter is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            (_filter as IDisposable)?.Dispose();
        }

        _calls.Disposed();
    }

    private IMilterDispatcher Noted(MilterStages stage)
    {
        _calls.Add(stage);
        return _filter;
    }
}
