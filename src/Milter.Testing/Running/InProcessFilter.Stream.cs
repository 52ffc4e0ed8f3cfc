using System.Runtime.InteropServices;

namespace Milter.Testing;

/// <content>The MTA's end.</content>
internal sealed partial class InProcessFilter
{
    // Real time: how long a filter that does nothing any more is waited for at the end of a test.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_stillness = TimeSpan.FromMilliseconds(5);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_chaos is null)
        {
            Feed(buffer.Span);
            return;
        }

        while (_chaos.Cut(ref buffer) is { IsEmpty: false } piece)
        {
            Feed(piece.Span);
            if (_chaos.Pauses())
            {
                await Task.Yield();
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_answers.Count > 0)
                {
                    int count = Math.Min(_answers.Count, _chaos?.ReadAtMost(buffer.Length) ?? buffer.Length);
                    CollectionsMarshal.AsSpan(_answers)[..count].CopyTo(buffer.Span);
                    _answers.RemoveRange(0, count);
                    return count;
                }

                if (_isClosed || _isDisposed)
                {
                    return 0;
                }

                changed = _changed.Task;
            }

            await WaitAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the filter has nothing to do, and takes all that it has answered.</summary>
    public async Task<byte[]> DrainAsync(CancellationToken cancellation)
    {
        while (IsOwned(out Task changed))
        {
            await WaitAsync(changed, cancellation).ConfigureAwait(false);
        }

        lock (_gate)
        {
            byte[] answers = [.. _answers];
            _answers.Clear();
            return answers;
        }
    }

    /// <summary>Ends the connection: the filter learns that the MTA is gone, if QUIT did not say so.</summary>
    public override async ValueTask DisposeAsync()
    {
        bool isLost;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            isLost = !_isClosed;
        }

        long start = TimeProvider.System.GetTimestamp();
        while (IsOwned(out Task changed))
        {
            _session.PeerGone();
            if (TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                throw new MilterAssertionException("A handler of the filter does not return, though its CancellationToken has fired.");
            }

            await Task.WhenAny(changed, Task.Delay(s_stillness)).ConfigureAwait(false);
        }

        await _session.EndAsync(isLost).ConfigureAwait(false);
        lock (_gate)
        {
            _isDisposed = true;
            _isClosed = true;
        }

        await _watch.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    public override void Flush() => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool IsOwned(out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            return _isOwned;
        }
    }

    private async Task WaitAsync(Task changed, CancellationToken cancellation)
    {
        if (_time is not ManualClock { AutoAdvance: true } clock)
        {
            await changed.WaitAsync(cancellation).ConfigureAwait(false);
            return;
        }

        // Whoever was woken by the clock gets its turn first.
        for (int turn = 0; turn < 100 && !changed.IsCompleted && (turn < 8 || ThreadPool.PendingWorkItemCount > 0); turn++)
        {
            await Task.Yield();
        }

        cancellation.ThrowIfCancellationRequested();
        if (!changed.IsCompleted)
        {
            using var production = new NoContext();
            clock.AdvanceBeyond(_watch);
        }
    }
}
