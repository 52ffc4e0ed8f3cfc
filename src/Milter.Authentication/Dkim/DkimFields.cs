namespace Milter.Auth;

/// <summary>The two ways to look at header fields and bodies before they are signed (RFC 6376 section 3.4).</summary>
internal enum Canonicalization
{
    /// <summary>As it came, but for empty lines at the end of a body.</summary>
    Simple,

    /// <summary>With white space made one blank, and names in lower case.</summary>
    Relaxed,
}

/// <summary>Writes header fields as they are signed.</summary>
internal static class DkimFields
{
    /// <summary>Writes the fields that a list names, each name the next from the bottom up; a field that is not there is signed as nothing (RFC 6376 section 5.4.2).</summary>
    /// <remarks>How many names and fields there are is the sender's to say: a name costs one look-up.</remarks>
    /// <param name="into">Where to.</param>
    /// <param name="header">The fields.</param>
    /// <param name="names">The names, in any case.</param>
    /// <param name="form">How they are written.</param>
    /// <param name="except">The field that has the signature itself.</param>
    public static void WriteNamed(ByteBuffer into, RawHeader header, IEnumerable<string> names, Canonicalization form, RawField? except = null)
    {
        ILookup<string, RawField> fields = header.Fields.Where(field => field != except).Reverse().ToLookup(field => Protocol.WireText.GetString(header.Name(field)), StringComparer.OrdinalIgnoreCase);
        var next = new Dictionary<string, IEnumerator<RawField>>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (!next.TryGetValue(name, out IEnumerator<RawField>? left))
            {
                next[name] = left = fields[name].GetEnumerator();
            }

            if (left.MoveNext())
            {
                Write(into, header.Name(left.Current), header.Value(left.Current), header.Whole(left.Current), form);
            }
        }
    }

    /// <summary>Writes a field with its line end.</summary>
    public static void Write(ByteBuffer into, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> whole, Canonicalization form)
    {
        if (form == Canonicalization.Simple)
        {
            into.Write(whole);
        }
        else
        {
            WriteRelaxed(into, name, value);
        }

        into.Write("\r\n"u8);
    }

    /// <summary>Writes a field without its line end, as the one that has the signature itself is.</summary>
    public static void WriteRelaxed(ByteBuffer into, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        foreach (byte c in name)
        {
            into.Write(c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c);
        }

        into.Write((byte)':');
        bool isWhite = false;
        bool isAny = false;
        while (value.Length > 0)
        {
            int run = value.IndexOfAny(" \t\r\n"u8);
            ReadOnlySpan<byte> word = run < 0 ? value : value[..run];
            if (word.Length > 0)
            {
                if (isWhite && isAny)
                {
                    into.Write((byte)' ');
                }

                into.Write(word);
                isWhite = false;
                isAny = true;
            }

            if (run < 0)
            {
                return;
            }

            value = value[run..];
            if (value.StartsWith("\r\n"u8))
            {
                // A fold: what follows is white space.
                value = value[2..];
            }
            else if (value[0] is (byte)'\r' or (byte)'\n')
            {
                // A line end that is none.
                if (isWhite && isAny)
                {
                    into.Write((byte)' ');
                }

                into.Write(value[0]);
                isWhite = false;
                isAny = true;
                value = value[1..];
            }
            else
            {
                isWhite = true;
                value = value[1..];
            }
        }
    }

    /// <summary>Gives a field's bytes without the value of its tag <c>b=</c> (RFC 6376 section 3.5).</summary>
    /// <param name="whole">The field, or its value.</param>
    /// <param name="valueStart">Where the list of tags begins.</param>
    public static byte[] WithoutSignature(ReadOnlySpan<byte> whole, int valueStart)
    {
        for (int at = valueStart; at < whole.Length;)
        {
            int end = whole[at..].IndexOf((byte)';') is >= 0 and var found ? at + found : whole.Length;
            ReadOnlySpan<byte> tag = whole[at..end];
            int equals = tag.IndexOf((byte)'=');
            if (equals > 0 && tag[..equals].Trim(" \t\r\n"u8).SequenceEqual("b"u8))
            {
                return [.. whole[..(at + equals + 1)], .. whole[end..]];
            }

            at = end + 1;
        }

        return whole.ToArray();
    }
}
