using System.Buffers;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Checks what goes into a header field, and folds text.</summary>
internal static class HeaderText
{
    /// <summary>Where text is folded (RFC 5322 section 2.1.1: lines should be no longer).</summary>
    private const int FoldAt = 78;

    /// <summary>The most bytes of a name and a value: a frame's payload without index, NULs and leading space.</summary>
    private const int MaxField = MilterLimits.MaxPayload - 7;

    private static readonly SearchValues<byte> s_nameBytes = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>Refuses what is no field name (RFC 5322 section 2.2: printable ASCII without colon and space).</summary>
    public static void CheckName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            throw new ArgumentException("The header field's name is empty.", nameof(name));
        }

        if (name.IndexOfAnyExcept(s_nameBytes) is >= 0 and var at)
        {
            throw new ArgumentException($"The header field's name has the byte 0x{name[at]:X2} at position {at}. A name is printable ASCII without space and colon (RFC 5322 section 2.2).", nameof(name));
        }
    }

    /// <summary>Takes the CR out of CR LF, so that a fold is what it is on the wire.</summary>
    public static ReadOnlySpan<byte> Unreturned(ReadOnlySpan<byte> value)
    {
        if (value.IndexOf("\r\n"u8) < 0)
        {
            return value;
        }

        byte[] plain = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '\r' || i + 1 == value.Length || value[i + 1] != '\n')
            {
                plain[length++] = value[i];
            }
        }

        return plain.AsSpan(0, length);
    }

    /// <summary>Refuses a value that would not be one field: CR or NUL, or a line feed without white space after it.</summary>
    public static void CheckValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny((byte)'\r', (byte)0) is >= 0 and var bad)
        {
            throw new ArgumentException($"The value of {WireText.GetString(name)} has {(value[bad] == 0 ? "a NUL" : "a CR")} at position {bad}. Fold with a line feed (or CR LF) and white space; a value has no other line ends.", nameof(value));
        }

        ReadOnlySpan<byte> rest = value;
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            rest = rest[(end + 1)..];
            if (rest.IsEmpty || rest[0] is not ((byte)' ' or (byte)'\t'))
            {
                throw new ArgumentException($"The value of {WireText.GetString(name)} has a line feed without white space after it, at position {value.Length - rest.Length - 1}: what follows would be another field.", nameof(value));
            }
        }

        if (name.Length + value.Length > MaxField)
        {
            throw new ArgumentException($"The header field {WireText.GetString(name)} has {name.Length + value.Length} bytes; {MaxField} go into one packet of the protocol.", nameof(value));
        }
    }

    /// <summary>Makes a value of text: non-ASCII characters encoded by RFC 2047 unless they may stay, long lines folded where there is white space.</summary>
    /// <remarks>A long line without white space stays as it is: the text may well be the message's own, and MTAs know how to break it.</remarks>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The text.</param>
    /// <param name="bytes">The same as bytes.</param>
    /// <param name="allowUtf8">Whether characters beyond ASCII may stay.</param>
    /// <exception cref="ArgumentException">The value is not fit for a field.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> name, string value, byte[] bytes, bool allowUtf8)
    {
        int column = name.Length + 2;
        CheckValue(name, bytes);
        if (!allowUtf8 && value.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
        {
            // What does not fit into a packet when it is encoded is mail's own text, raw as it came, with a word before it.
            byte[] encoded = WireText.GetBytes(EncodedWordEncoder.EncodeText(value, column));
            bytes = name.Length + encoded.Length <= MaxField ? encoded : bytes;
        }

        return column + bytes.Length <= FoldAt ? bytes : Fold(name, bytes);
    }

    private static byte[] Fold(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> whole = value;
        var folded = new ArrayBufferWriter<byte>(value.Length + (value.Length / 32) + 16);
        int column = name.Length + 2;
        while (!value.IsEmpty)
        {
            int end = value.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? value : value[..end];
            value = end < 0 ? default : value[(end + 1)..];
            while (column + line.Length > FoldAt && FindFold(line, FoldAt - column) is > 0 and var fold)
            {
                folded.Write(line[..fold]);
                folded.Write("\n"u8);
                line = line[fold..];
                column = 0;
            }

            folded.Write(line);
            if (end >= 0)
            {
                folded.Write("\n"u8);
            }

            column = 0;
        }

        return name.Length + folded.WrittenCount <= MaxField ? folded.WrittenSpan.ToArray() : whole.ToArray();
    }

    /// <summary>
    /// The last white space that leaves no more than <paramref name="room"/> bytes before it, else the first one after; 0 where there is none.
    /// Neither the line before nor the line after may be nothing but white space: such a line would end the header for some.
    /// </summary>
    private static int FindFold(ReadOnlySpan<byte> line, int room)
    {
        int first = line.IndexOfAnyExcept((byte)' ', (byte)'\t') + 1;
        int last = line.LastIndexOfAnyExcept((byte)' ', (byte)'\t');
        if (first == 0 || first > last)
        {
            return 0;
        }

        ReadOnlySpan<byte> inner = line[first..last];
        int fits = Math.Clamp(room + 1 - first, 0, inner.Length);
        int found = inner[..fits].LastIndexOfAny((byte)' ', (byte)'\t');
        if (found < 0)
        {
            found = inner[fits..].IndexOfAny((byte)' ', (byte)'\t');
            found = found < 0 ? found : found + fits;
        }

        return found < 0 ? 0 : found + first;
    }

}
