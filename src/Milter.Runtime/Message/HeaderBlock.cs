namespace Milter.Message;

/// <summary>A header as it stands in a message: fields with CR LF behind each line, and a blank line.</summary>
internal sealed class HeaderBlock
{
    private readonly ByteArena _text = new();

    /// <summary>Gets the block; empty until it is finished.</summary>
    public ReadOnlySpan<byte> Bytes => IsFinished ? _text[new Slice(0, _text.Length)] : default;

    /// <summary>Gets a value indicating whether the blank line is there.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Writes a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="space">What stands between the colon and the value.</param>
    /// <param name="value">Its value, folds as line feeds or CR LF.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> space, ReadOnlySpan<byte> value)
    {
        _text.Add(name);
        _text.Add(":"u8);
        _text.Add(space);
        while (value.IndexOf((byte)'\n') is >= 0 and var end)
        {
            _text.Add(end > 0 && value[end - 1] == '\r' ? value[..(end - 1)] : value[..end]);
            _text.Add("\r\n"u8);
            value = value[(end + 1)..];
        }

        _text.Add(value);
        _text.Add("\r\n"u8);
    }

    /// <summary>Writes the blank line.</summary>
    public void Finish()
    {
        _text.Add("\r\n"u8);
        IsFinished = true;
    }

    /// <summary>Forgets the block.</summary>
    public void Clear()
    {
        _text.Clear();
        IsFinished = false;
    }
}
