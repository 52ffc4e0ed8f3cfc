using System.Buffers;
using System.Net.Sockets;

namespace Milter.Transport.Wire;

/// <summary>Something that is read and written asynchronously as a wire. It holds memory only for what has come and was not taken yet.</summary>
internal abstract class AsyncWire : IWire
{
    private const int ReadSize = 64 * 1024, LeastRoom = 4 * 1024;

    // What was said last may still be on its way when the wire is closed; a peer that does not take it is not waited for.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private Connection? _connection;

    // What has come: from start to end in the array, into which more is read behind the end.
    private byte[]? _data;
    private int _start;
    private int _end;
    private bool _isFilling;
    private TaskCompletionSource? _drained;
    private int _last = IWire.Nothing;

    private bool _isWriting;
    private bool _hasFailed;
    private bool _isClosed;

    public void Start(Connection connection)
    {
        _connection = connection;
        _ = ReadAsync();
    }

    public int TryRead(Span<byte> buffer, out bool isDrained)
    {
        int count;
        TaskCompletionSource? drained = null;
        lock (_gate)
        {
            count = Math.Min(buffer.Length, _end - _start);
            _data.AsSpan(_start, count).CopyTo(buffer);
            _start += count;
            isDrained = _start == _end && (count > 0 || _last == IWire.Nothing);
            if (count == 0)
            {
                return _last;
            }

            // Whatever ends the stream is told by a read of its own.
            isDrained &= _last == IWire.Nothing;
            ForgetWhatIsRead();
            if (_start == _end)
            {
                (drained, _drained) = (_drained, null);
            }
        }

        drained?.SetResult();
        return count;
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_isWriting)
            {
                return 0;
            }

            int sent = _hasFailed ? bytes.Length : TrySend(bytes);
            if (sent == bytes.Length)
            {
                return sent;
            }

            // The rest goes on by itself, from a copy.
            _isWriting = true;
            bytes = bytes[sent..];
            byte[] copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(copy);
            _ = SendAsync(copy, bytes.Length);
            return sent + bytes.Length;
        }
    }

    public void Schedule(Connection connection) => ThreadPool.UnsafeQueueUserWorkItem(connection, preferLocal: false);

    public virtual void Acknowledge()
    {
    }

    public abstract void Cut();

    public void Close()
    {
        bool isLast;
        lock (_gate)
        {
            _hasFailed = true;
            _isClosed = true;
            if (_isWriting)
            {
                _ = CutLaterAsync();
                return;
            }

            isLast = HasEnded;
        }

        // The read that waits ends by that, and not by an exception.
        Cut();
        if (isLast)
        {
            Dispose();
        }
    }

    /// <summary>Reads; without room, waits until there is something to read.</summary>
    protected abstract ValueTask<int> ReceiveAsync(Memory<byte> room);

    /// <summary>Writes what goes out at once.</summary>
    /// <returns>How many bytes; where that is not known, or never happens, none.</returns>
    protected virtual int TrySend(ReadOnlySpan<byte> bytes) => 0;

    /// <summary>Writes all bytes.</summary>
    protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Gives back what carries the bytes. No read is under way any more.</summary>
    protected abstract void Dispose();

    /// <summary>Gets a value indicating whether it was closed on our side.</summary>
    protected bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    // No read is under way.
    private bool HasEnded => _last != IWire.Nothing || _connection is null;

    private async Task CutLaterAsync()
    {
        await Task.Delay(s_lastWords, TimeProvider.System).ConfigureAwait(false);
        Cut();
    }

    private static bool IsEnd(Exception e) => e is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    // One for the life of the connection. It reads ahead as far as there is room, so that the peer's leaving is seen while handlers run.
    private async Task ReadAsync()
    {
        int last = IWire.Reset;
        try
        {
            while (true)
            {
                // At rest, without a buffer.
                await ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false);
                if (MakeRoom() is { } drained)
                {
                    await drained.ConfigureAwait(false);
                    continue;
                }

                int count = await ReceiveAsync(_data.AsMemory(_end)).ConfigureAwait(false);
                Filled(count);
                if (count == 0)
                {
                    last = 0;
                    break;
                }

                _connection!.Signal(Signals.Read);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            Filled(0);
        }

        bool isClosed;
        lock (_gate)
        {
            _last = last;
            isClosed = _isClosed;
        }

        if (isClosed)
        {
            Dispose();
        }

        _connection!.Signal(Signals.HangUp);
    }

    // Room is behind the end, unless there is something to wait for.
    private Task? MakeRoom()
    {
        lock (_gate)
        {
            _data ??= ArrayPool<byte>.Shared.Rent(ReadSize);
            _isFilling = _data.Length - _end >= LeastRoom;
            return _isFilling ? null : (_drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Filled(int count)
    {
        lock (_gate)
        {
            _isFilling = false;
            _end += count;
            ForgetWhatIsRead();
        }
    }

    private void ForgetWhatIsRead()
    {
        if (_start == _end && !_isFilling && _data is { } data)
        {
            ArrayPool<byte>.Shared.Return(data);
            (_data, _start, _end) = (null, 0, 0);
        }
    }

    private async Task SendAsync(byte[] copy, int length)
    {
        bool hasFailed = false;
        try
        {
            await SendAsync(copy.AsMemory(0, length)).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
            hasFailed = true;
        }

        ArrayPool<byte>.Shared.Return(copy);
        bool isClosed, isLast;
        lock (_gate)
        {
            _isWriting = false;
            _hasFailed |= hasFailed;
            isClosed = _isClosed;
            isLast = HasEnded;
        }

        if (isClosed)
        {
            Cut();
            if (isLast)
            {
                Dispose();
            }
        }

        _connection?.Signal(Signals.Write);
    }
}
