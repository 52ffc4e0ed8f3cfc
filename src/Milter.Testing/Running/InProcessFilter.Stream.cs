using System.Runtime.InteropServices;

namespace Milter.Testing;

/// <content>The MTA's end.</content>
internal sealed partial class InProcessFilter
{
    // Real time: how long a filter that does nothing any more is waited for at the end of a test.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    // Without a clock of the test's own a delay is this many turns of other work at most.
    private const int MostTurns = 8;

    private HalfClosing? _shutAt;
    private volatile bool _isShut;

    /// <summary>Gets a value indicating whether the MTA has shut its writing side.</summary>
    public bool IsShut => _isShut;

    /// <summary>Has the MTA shut its writing side in what is sent next.</summary>
    public void ShutAt(HalfClosing place) => _shutAt = place;

    /// <summary>Shuts the MTA's writing side: the filter reads the end of the stream. What it answers to what it has can still be read.</summary>
    public async Task ShutAsync()
    {
        _isShut = true;
        await EndAsync().ConfigureAwait(false);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isShut)
        {
            throw new IOException("The MTA has shut its writing side.");
        }

        int? until = _shutAt?.Find(buffer.Span);
        await SendAsync(buffer[..(until ?? buffer.Length)], cancellationToken).ConfigureAwait(false);
        if (until is not null)
        {
            await ShutAsync().ConfigureAwait(false);
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
                    int count = Math.Min(_answers.Count, buffer.Length);
                    count = _chaos?.Take(count) ?? count;
                    CollectionsMarshal.AsSpan(_answers)[..count].CopyTo(buffer.Span);
                    _answers.RemoveRange(0, count);
                    return count;
                }

                if (_wire.IsClosed || _isDisposed)
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
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }
        }

        await EndAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _isDisposed = true;
        }

        await _clock.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    public override void Flush() => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_chaos is null)
        {
            Feed(bytes.Span);
            return;
        }

        while (_chaos.Cut(ref bytes, out TimeSpan delay) is { IsEmpty: false } piece)
        {
            await DelayAsync(delay, cancellation).ConfigureAwait(false);
            Feed(piece.Span);
        }
    }

    // What handlers are at is done first: a slow network is no reason why their time should be spent.
    private async Task DelayAsync(TimeSpan delay, CancellationToken cancellation)
    {
        if (_time is ManualClock clock && delay > TimeSpan.Zero)
        {
            while (IsOwned(out Task changed))
            {
                await WaitAsync(changed, cancellation).ConfigureAwait(false);
            }

            clock.Advance(delay);
            return;
        }

        for (double turn = 0; turn < Math.Min(delay.TotalMilliseconds, MostTurns); turn++)
        {
            await Task.Yield();
        }
    }

    private async Task EndAsync()
    {
        // The token of a handler that runs fires.
        _wire.Shut();
        try
        {
            await _connection.Ended.WaitAsync(s_patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new MilterAssertionException("A handler of the filter does not return, though its CancellationToken has fired.");
        }
    }

    private bool IsOwned(out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
        }

        return _connection.IsBusy && !_connection.Ended.IsCompleted;
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
            clock.AdvanceBeyond(_clock);
        }
    }
}
