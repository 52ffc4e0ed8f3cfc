using System.Buffers;
using Milter.Limits;

namespace Milter.Message;

/// <summary>Bytes of a body, one after another: in pooled memory, and in a temporary file above a limit, or where the process has no memory to spare.</summary>
/// <remarks>Held by who made it, and by whoever sends ranges of it: the last that lets go gives back what held the bytes.</remarks>
/// <param name="options">Says from how many bytes on, and where the file is made.</param>
/// <param name="limits">Where memory and file are counted.</param>
internal sealed class BodyStore(MilterOptions options, ProcessLimits limits) : IDisposable
{
    private readonly BodyMemory _memory = new(limits);
    private BodySpool? _spool;
    private int _holders = 1;
    private bool _isAbandoned;

    public long Length { get; private set; }

    /// <summary>Gets a value indicating whether others hold it too, so that its bytes have to stay.</summary>
    public bool IsShared => _holders > 1;

    public bool IsSpooled => _spool is not null;

    /// <summary>Gets the bytes without copying them, where they are in memory.</summary>
    public ReadOnlySequence<byte> Memory => _memory.Sequence;

    /// <summary>Adds bytes.</summary>
    /// <exception cref="SpoolFullException">The disk is full, or what temporary files may use of it.</exception>
    /// <exception cref="IOException">The file can't be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be made.</exception>
    /// <exception cref="ObjectDisposedException">Nobody holds it any more: a handler is late.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_holders <= 0, this);
        bool spools = _spool is not null || Length + bytes.Length > options.BodyMemoryThreshold || !limits.HasRoomForBody(bytes.Length);
        if (!spools)
        {
            _memory.Append(bytes);
            Length += bytes.Length;
            return;
        }

        if (_spool is null)
        {
            _spool = BodySpool.Create(options.SpoolFolder is { Length: > 0 } folder ? folder : null, limits.Spool);
            foreach (ReadOnlyMemory<byte> segment in _memory.Sequence)
            {
                _spool.Append(segment.Span);
            }

            _memory.Clear();
        }

        _spool.Append(bytes);
        Length += bytes.Length;
    }

    public int Read(long position, Span<byte> destination) => _spool is { } spool ? spool.Read(position, destination) : _memory.Read(position, destination);

    /// <exception cref="EndOfStreamException">The file has been cut.</exception>
    public void ReadExactly(long position, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = Read(position, destination);
            if (read <= 0)
            {
                throw new EndOfStreamException("A temporary file is shorter than what was written to it.");
            }

            position += read;
            destination = destination[read..];
        }
    }

    public ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken) =>
        _spool is { } spool ? spool.ReadAsync(position, destination, cancellationToken) : new(_memory.Read(position, destination.Span));

    /// <summary>Forgets the bytes, and gives back what held them.</summary>
    public void Clear()
    {
        _memory.Clear();
        CloseFile();
        Length = 0;
    }

    /// <summary>Holds it once more; <see cref="Dispose"/> lets go.</summary>
    public BodyStore Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    /// <summary>Lets go of it while somebody may still be reading: memory is left to the garbage collector.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        Dispose();
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
        {
            return;
        }

        if (_isAbandoned)
        {
            _memory.Abandon();
            CloseFile();
        }
        else
        {
            Clear();
        }
    }

    private void CloseFile()
    {
        _spool?.Dispose();
        _spool = null;
    }
}
