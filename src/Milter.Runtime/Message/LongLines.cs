using Milter.Protocol;

namespace Milter.Message;

/// <summary>Counts the lines of a text that are too long for SMTP, piece by piece.</summary>
internal record struct LongLines
{
    // RFC 5321, 4.5.3.1.6, without CR LF.
    private const int Most = 998;

    private long _line;
    private bool _endsInReturn;

    /// <summary>Gets how many lines are too long.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the length of the longest of them, in bytes.</summary>
    public long Longest { get; private set; }

    /// <summary>Takes the next piece.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Take(bytes[..end]);
            End();
            bytes = bytes[(end + 1)..];
        }

        Take(bytes);
    }

    /// <summary>Ends the last line, which may have no line end.</summary>
    public void End()
    {
        long length = _line - (_endsInReturn ? 1 : 0);
        if (length > Most)
        {
            Count++;
            Longest = Math.Max(Longest, length);
        }

        (_line, _endsInReturn) = (0, false);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _line += bytes.Length;
            _endsInReturn = bytes[^1] == '\r';
        }
    }
}
