namespace Milter.Protocol;

/// <summary>Steps through an address by what belongs together (RFC 5322 section 3.2), so that nobody takes the <c>@</c> of a quoted string for that of the address.</summary>
/// <remarks>Whatever the bytes are, there is an answer: a quoted string that does not end goes to the end, and where parentheses do not pair none is a comment.</remarks>
internal ref struct AddressScanner
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _hasComments;

    public AddressScanner(ReadOnlySpan<byte> text)
    {
        _text = text;
        _hasComments = text.Contains((byte)'(') && Pairs(text);
    }

    /// <summary>Gets where the current element starts.</summary>
    public int Start { get; private set; }

    /// <summary>Gets where the current element ends.</summary>
    public int End { get; private set; }

    /// <summary>Gets what the current element is.</summary>
    public AddressElement Kind { get; private set; }

    /// <summary>Gets the elements of a text one by one.</summary>
    public readonly AddressScanner GetEnumerator() => this;

    /// <summary>Gets this scanner, at its element.</summary>
    public readonly AddressScanner Current => this;

    /// <summary>Goes to the next element.</summary>
    public bool MoveNext()
    {
        Start = End;
        if (Start >= _text.Length)
        {
            return false;
        }

        (Kind, End) = _text[Start] switch
        {
            (byte)'\\' => (AddressElement.Escaped, Math.Min(Start + 2, _text.Length)),
            (byte)'"' => (AddressElement.Quoted, EndOfQuoted(_text, Start)),
            (byte)'(' when _hasComments => (AddressElement.Comment, EndOfComment(_text, Start)),
            (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' => (AddressElement.Blank, Start + 1),
            _ => (AddressElement.Plain, Start + 1),
        };
        return true;
    }

    /// <summary>Says whether the current element is this character, with no quotes around it.</summary>
    public readonly bool Is(char character) => Kind == AddressElement.Plain && _text[Start] == character;

    /// <summary>Says whether a quoted string has its last quote.</summary>
    public static bool IsClosed(ReadOnlySpan<byte> quoted)
    {
        for (int i = 1; i < quoted.Length; i++)
        {
            if (quoted[i] == '"')
            {
                return true;
            }

            i += quoted[i] == '\\' ? 1 : 0;
        }

        return false;
    }

    private static int EndOfQuoted(ReadOnlySpan<byte> text, int start)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i + 1;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return text.Length;
    }

    private static int EndOfComment(ReadOnlySpan<byte> text, int start)
    {
        int depth = 0;
        for (int i = start; i < text.Length; i++)
        {
            depth += text[i] switch { (byte)'(' => 1, (byte)')' => -1, _ => 0 };
            if (depth == 0)
            {
                return i + 1;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return text.Length;
    }

    private static bool Pairs(ReadOnlySpan<byte> text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length && depth >= 0; i++)
        {
            switch (text[i])
            {
                case (byte)'\\':
                    i++;
                    break;
                case (byte)'"' when depth == 0:
                    i = EndOfQuoted(text, i) - 1;
                    break;
                case (byte)'(':
                    depth++;
                    break;
                case (byte)')':
                    depth--;
                    break;
            }
        }

        return depth == 0;
    }
}

/// <summary>What a part of an address is.</summary>
internal enum AddressElement
{
    /// <summary>A character that stands for itself.</summary>
    Plain,

    /// <summary>A backslash and what follows it.</summary>
    Escaped,

    /// <summary>A quoted string with its quotes.</summary>
    Quoted,

    /// <summary>A comment with its parentheses.</summary>
    Comment,

    /// <summary>White space.</summary>
    Blank,
}
