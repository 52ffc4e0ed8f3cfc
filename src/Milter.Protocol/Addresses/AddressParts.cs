namespace Milter.Protocol;

/// <summary>Where in an address of the envelope the mailbox lies, and where in that the <c>@</c>; positions count from the start of the raw text.</summary>
/// <remarks>Whatever the bytes are, there is an answer. It allocates nothing; <see cref="MailPath"/> is the same as a value to keep and to compare.</remarks>
/// <param name="Start">The first byte of the mailbox: after angle bracket, source route, white space and comments.</param>
/// <param name="Length">Its length.</param>
/// <param name="At">The last <c>@</c> outside quotes and comments, or -1.</param>
/// <param name="HasRoute">Whether a source route stands before it: <c>@relay,@other:</c> (RFC 5321 appendix C).</param>
internal readonly record struct AddressParts(int Start, int Length, int At, bool HasRoute)
{
    // What is not simply a character: quotes, comments, white space, brackets within, the end of a route.
    private static readonly System.Buffers.SearchValues<byte> s_odd = System.Buffers.SearchValues.Create("\"\\()<> \t\r\n:"u8);

    /// <summary>Finds the parts.</summary>
    /// <param name="raw">The address as MAIL or RCPT has it, with angle brackets or without, or as a header field has it, with a name before it.</param>
    /// <returns>Where they are.</returns>
    public static AddressParts Of(ReadOnlySpan<byte> raw)
    {
        bool isBracketed = raw is [(byte)'<', .., (byte)'>'];
        ReadOnlySpan<byte> plain = isBracketed ? raw[1..^1] : raw;
        if (plain.IndexOfAny(s_odd) < 0)
        {
            // As nearly all are.
            int first = isBracketed ? 1 : 0, last = plain.LastIndexOf((byte)'@');
            return new AddressParts(first, plain.Length, last < 0 ? -1 : first + last, HasRoute: false);
        }

        (int start, int end) = InBrackets(raw);
        Trim(raw, ref start, ref end);
        int route = EndOfRoute(raw[start..end]);
        if (route > 0)
        {
            start += route;
            Trim(raw, ref start, ref end);
        }

        int at = -1;
        foreach (AddressScanner element in new AddressScanner(raw[start..end]))
        {
            at = element.Is('@') ? start + element.Start : at;
        }

        return new AddressParts(start, end - start, at, route > 0);
    }

    /// <summary>Takes white space and comments off both ends.</summary>
    /// <param name="text">A part of an address.</param>
    /// <returns>What is left; may be empty.</returns>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        (int start, int end) = (0, text.Length);
        Trim(text, ref start, ref end);
        return text[start..end];
    }

    private static (int Start, int End) InBrackets(ReadOnlySpan<byte> raw)
    {
        int start = 0;
        foreach (AddressScanner element in new AddressScanner(raw))
        {
            if (start == 0 && element.Is('<'))
            {
                start = element.End;
            }
            else if (start > 0 && element.Is('>'))
            {
                return (start, element.Start);
            }
        }

        return (start, raw.Length);
    }

    // "@a,@b:user@host". The colons of an address literal in it are no end.
    private static int EndOfRoute(ReadOnlySpan<byte> mailbox)
    {
        bool isBracketed = false;
        foreach (AddressScanner element in new AddressScanner(mailbox is [(byte)'@', ..] ? mailbox : default))
        {
            isBracketed = element.Is('[') || (isBracketed && !element.Is(']'));
            if (!isBracketed && element.Is(':'))
            {
                return element.End;
            }
        }

        return 0;
    }

    private static void Trim(ReadOnlySpan<byte> text, ref int start, ref int end)
    {
        int first = -1, last = start;
        foreach (AddressScanner element in new AddressScanner(text[start..end]))
        {
            if (element.Kind is not (AddressElement.Blank or AddressElement.Comment))
            {
                first = first < 0 ? start + element.Start : first;
                last = start + element.End;
            }
        }

        (start, end) = first < 0 ? (end, end) : (first, last);
    }
}
