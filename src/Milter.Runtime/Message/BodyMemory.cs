using System.Buffers;
using Milter.Limits;

namespace Milter.Message;

/// <summary>Bytes in pooled arrays, each larger than the one before up to a limit.</summary>
/// <param name="limits">Where they are counted, and where the large ones come from.</param>
internal sealed class BodyMemory(ProcessLimits limits)
{
    private const int FirstSegment = 4 * 1024;

    private readonly List<Segment> _segments = [];
    private int _used;
    private long _counted;

    public ReadOnlySequence<byte> Sequence => _used switch
    {
        0 => default,
        _ => new ReadOnlySequence<byte>(_segments[0], 0, _segments[_used - 1], _segments[_used - 1].Length),
    };

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == 0 || _segments[_used - 1].IsFull)
            {
                AddSegment(bytes.Length);
            }

            bytes = bytes[_segments[_used - 1].Append(bytes)..];
        }
    }

    public int Read(long position, Span<byte> destination)
    {
        int read = 0;
        for (int i = 0; i < _used && read < destination.Length; i++)
        {
            Segment segment = _segments[i];
            long offset = position + read - segment.RunningIndex;
            if (offset >= 0 && offset < segment.Length)
            {
                ReadOnlySpan<byte> bytes = segment.Memory.Span[(int)offset..];
                bytes = bytes[..Math.Min(bytes.Length, destination.Length - read)];
                bytes.CopyTo(destination[read..]);
                read += bytes.Length;
            }
        }

        return read;
    }

    /// <summary>Gives the arrays back; the segments' objects stay for the next body.</summary>
    public void Clear()
    {
        for (int i = 0; i < _used; i++)
        {
            _segments[i].Return(limits.Segments);
        }

        _used = 0;
        Forget();
    }

    /// <summary>Counts the arrays no more, and leaves them to whoever still reads them. Not used again.</summary>
    public void Abandon() => Forget();

    private void Forget()
    {
        if (_counted > 0)
        {
            limits.Memory.Add(-_counted);
            _counted = 0;
        }
    }

    private void AddSegment(int atLeast)
    {
        int size = Math.Clamp(Math.Max(atLeast, FirstSegment << Math.Min(_used, 4)), FirstSegment, SegmentPool.Size);
        if (_used == _segments.Count)
        {
            _segments.Add(new Segment());
        }

        Segment segment = _segments[_used];
        segment.Rent(size, limits.Segments);
        _counted += size;
        limits.Memory.Add(size);
        if (_used > 0)
        {
            _segments[_used - 1].Link(segment);
        }

        _used++;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        private byte[] _array = [];

        public int Length => Memory.Length;

        public bool IsFull => Memory.Length == _array.Length;

        public void Rent(int size, SegmentPool pool)
        {
            _array = size > SegmentPool.Size / 2 ? pool.Rent() : ArrayPool<byte>.Shared.Rent(size);
            Memory = default;
            RunningIndex = 0;
            Next = null;
        }

        public int Append(ReadOnlySpan<byte> bytes)
        {
            int length = Length;
            int count = Math.Min(bytes.Length, _array.Length - length);
            bytes[..count].CopyTo(_array.AsSpan(length));
            Memory = _array.AsMemory(0, length + count);
            return count;
        }

        public void Link(Segment next)
        {
            next.RunningIndex = RunningIndex + Length;
            Next = next;
        }

        public void Return(SegmentPool pool)
        {
            if (_array.Length == SegmentPool.Size)
            {
                pool.Return(_array);
            }
            else
            {
                ArrayPool<byte>.Shared.Return(_array);
            }

            _array = [];
            Memory = default;
            Next = null;
        }
    }
}
