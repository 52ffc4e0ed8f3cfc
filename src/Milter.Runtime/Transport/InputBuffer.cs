using System.Buffers;
using System.Net.Sockets;

namespace Milter.Transport;

/// <summary>What was read from a connection and not yet used up, in pooled memory.</summary>
/// <remarks>
/// At rest it holds 4 KiB. A read that fills them is followed by reads of 128 KiB (a frame of the usual limit fits) for as long as they are used; it grows with the bytes
/// that have arrived, never on the word of a length field. Used by the connection's owner alone.
/// </remarks>
internal sealed class InputBuffer(Socket socket)
{
    internal const int Small = 4 * 1024, Large = 128 * 1024;

    private byte[] _array = [];
    private int _start;
    private int _end;
    private bool _isBusy;

    // The array that a suspended handler looks at, once reading ahead had to go on in another.
    private byte[]? _lent;

    // A read that was started while a handler was suspended, and where it puts its bytes.
    private Task<int>? _ahead;
    private Memory<byte> _aheadRoom;

    /// <summary>Gets the bytes that are not used up.</summary>
    public ReadOnlyMemory<byte> Unread => _array.AsMemory(_start, _end - _start);

    public bool IsEmpty => _start == _end;

    /// <summary>Drops bytes from the front.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Reads what there is, one byte at least.</summary>
    /// <returns>The number of bytes; 0 at the end of the stream.</returns>
    public ValueTask<int> ReadAsync(CancellationToken ct = default)
    {
        if (_ahead is { } ahead)
        {
            return new ValueTask<int>(ahead);
        }

        MakeRoom();
        return socket.ReceiveAsync(_array.AsMemory(_end), SocketFlags.None, ct);
    }

    /// <summary>Adds what <see cref="ReadAsync"/> or <see cref="ReadAhead"/> has read.</summary>
    public void Commit(int count, out bool isEnd)
    {
        isEnd = count == 0;
        if (_ahead is not null)
        {
            CommitAhead(count);
            return;
        }

        _isBusy = count == _array.Length - _end || count >= Small;
        _end += count;
    }

    /// <summary>Starts to read while a handler is suspended, who may still look at what was used up last.</summary>
    /// <returns>The read, the running one if there is one; <see langword="null"/> when enough is held already.</returns>
    public Task<int>? ReadAhead()
    {
        if (_ahead is not null)
        {
            return _ahead;
        }

        if (_end == _array.Length)
        {
            int unread = _end - _start;
            if (unread >= Large)
            {
                return null;
            }

            Lend(Math.Max(Small, 2 * unread));
        }

        _aheadRoom = _array.AsMemory(_end);
        _ahead = socket.ReceiveAsync(_aheadRoom, SocketFlags.None).AsTask();
        return _ahead;
    }

    /// <summary>Says that no handler looks at used-up bytes any more.</summary>
    public void EndLoan()
    {
        if (_lent is { } lent)
        {
            _lent = null;
            ArrayPool<byte>.Shared.Return(lent);
        }
    }

    /// <summary>Makes the buffer of the next owner, when a handler that still looks at this one's memory is deposed.</summary>
    /// <param name="used">Bytes at the front that are used up.</param>
    /// <returns>A buffer with a copy of the rest. This one is left to the garbage collector, since nobody knows when the handler returns.</returns>
    public InputBuffer TakeOver(int used)
    {
        var next = new InputBuffer(socket) { _ahead = _ahead, _aheadRoom = _aheadRoom, _isBusy = _isBusy };
        next.Append(Unread.Span[used..]);
        return next;
    }

    /// <summary>Gives the memory back, unless a read may still write into it.</summary>
    public void Release()
    {
        EndLoan();
        if (_ahead is { } ahead)
        {
            _ = ahead.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
        else
        {
            Return();
        }

        (_array, _start, _end) = ([], 0, 0);
    }

    private void CommitAhead(int count)
    {
        Memory<byte> room = _aheadRoom;
        (_ahead, _aheadRoom) = (null, default);
        if (count == 0)
        {
            return;
        }

        bool isOurs = _end < _array.Length && room.Span.Overlaps(_array.AsSpan(_end));
        if (isOurs)
        {
            _end += count;
        }
        else
        {
            Append(room.Span[..count]);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_array.Length - _end < bytes.Length)
        {
            Lend(Math.Max(Small, 2 * (_end - _start + bytes.Length)));
        }

        bytes.CopyTo(_array.AsSpan(_end));
        _end += bytes.Length;
    }

    // Goes on in another array. Only the first that is left within a loan was ever shown to a handler.
    private void Lend(int length)
    {
        byte[]? shown = _lent is null && _array.Length > 0 ? _array : null;
        _lent ??= shown;
        Replace(length, keepsOld: shown is not null);
    }

    private void MakeRoom()
    {
        int unread = _end - _start;
        int wanted = _isBusy ? Large : Small;
        if (unread == 0)
        {
            _start = _end = 0;
            if (_array.Length != wanted)
            {
                Replace(wanted);
            }
        }
        else if (_array.Length - _end < Small / 2)
        {
            if (unread <= _array.Length / 2)
            {
                Unread.CopyTo(_array);
                (_start, _end) = (0, unread);
            }
            else
            {
                Replace(Math.Max(wanted, 2 * unread));
            }
        }
    }

    private void Replace(int length, bool keepsOld = false)
    {
        byte[] next = ArrayPool<byte>.Shared.Rent(length);
        int unread = _end - _start;
        Unread.CopyTo(next);
        if (!keepsOld)
        {
            Return();
        }

        (_array, _start, _end) = (next, 0, unread);
    }

    private void Return()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }
    }
}
