using System.Buffers;

namespace Milter.Mime.Content;

/// <summary>Reads lines that end in LF or CR LF; of a long line only the beginning is given.</summary>
internal sealed class LineReader(Stream source, int longest) : IDisposable
{
    private byte[] _block = ArrayPool<byte>.Shared.Rent(Math.Max(16 * 1024, 2 * longest));
    private int _next;
    private int _filled;
    private bool _isAtEnd;

    /// <summary>Gets how many bytes have been given, line ends counted.</summary>
    public long Position { get; private set; }

    public bool TryRead(out ReadOnlySpan<byte> line, out long offset)
    {
        offset = Position;
        line = default;
        if (!Fill(longest) && _next == _filled)
        {
            return false;
        }

        int end = _block.AsSpan(_next.._filled).IndexOf((byte)'\n');
        if (end >= 0)
        {
            line = Trimmed(_block.AsSpan(_next, end));
            Take(end + 1);
            return true;
        }

        // Longer than the block, or the last one: the beginning is kept at the front, the rest passes by.
        int kept = Math.Min(longest, _filled - _next);
        _block.AsSpan(_next, kept).CopyTo(_block);
        Take(_filled - _next);
        _filled = _next = kept;
        bool hasEnd = false;
        while (!hasEnd && !_isAtEnd)
        {
            int read = source.Read(_block.AsSpan(kept));
            _isAtEnd = read == 0;
            end = _block.AsSpan(kept, read).IndexOf((byte)'\n');
            hasEnd = end >= 0;
            Position += hasEnd ? end + 1 : read;
            (_next, _filled) = hasEnd ? (kept + end + 1, kept + read) : (kept, kept);
        }

        line = Trimmed(_block.AsSpan(0, kept));
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_block);
        _block = [];
        source.Dispose();
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> line) => line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;

    private void Take(int count)
    {
        _next += count;
        Position += count;
    }

    private bool Fill(int wanted)
    {
        if (_filled - _next >= wanted || _isAtEnd)
        {
            return !_isAtEnd || _next < _filled;
        }

        _block.AsSpan(_next.._filled).CopyTo(_block);
        (_next, _filled) = (0, _filled - _next);
        while (_filled < _block.Length && !_isAtEnd)
        {
            int read = source.Read(_block.AsSpan(_filled));
            _filled += read;
            _isAtEnd = read == 0;
        }

        return _filled > 0;
    }
}
