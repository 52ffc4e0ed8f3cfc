namespace Milter.Message;

/// <summary>Where in an envelope address the mailbox lies, and where in that the <c>@</c>; positions count from the start of the raw text.</summary>
/// <param name="Start">The first byte of the mailbox.</param>
/// <param name="Length">Its length.</param>
/// <param name="At">The last <c>@</c> outside quotes, or -1.</param>
internal readonly record struct AddressParts(int Start, int Length, int At)
{
    /// <summary>Finds the parts. Whatever the bytes are, there is an answer.</summary>
    public static AddressParts Of(ReadOnlySpan<byte> raw)
    {
        int open = Find(raw, 0, (byte)'<');
        int start = open + 1;
        int close = open < 0 ? -1 : Find(raw, start, (byte)'>');
        int end = close < 0 ? raw.Length : close;

        // A source route (RFC 5321 appendix C): "@a,@b:user@host". The colons of an address literal in it are no end.
        Trim(raw, ref start, ref end);
        if (start < end && raw[start] == '@' && Find(raw[..end], start, (byte)':') is >= 0 and var colon)
        {
            start = colon + 1;
            Trim(raw, ref start, ref end);
        }

        int at = -1;
        for (int next = Find(raw[..end], start, (byte)'@'); next >= 0; next = Find(raw[..end], next + 1, (byte)'@'))
        {
            at = next;
        }

        return new AddressParts(start, end - start, at);
    }

    /// <summary>Finds a byte outside quoted strings; a colon outside the brackets of address literals, too.</summary>
    private static int Find(ReadOnlySpan<byte> text, int from, byte wanted)
    {
        bool quoted = false, bracketed = false;
        for (int i = from; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '\\')
            {
                i++;
            }
            else if (b == '"')
            {
                quoted = !quoted;
            }
            else if (wanted == ':' && !quoted && b is (byte)'[' or (byte)']')
            {
                bracketed = b == '[';
            }
            else if (b == wanted && !quoted && !bracketed)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Trim(ReadOnlySpan<byte> text, ref int start, ref int end)
    {
        while (start < end && text[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        while (end > start && text[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }
    }
}
