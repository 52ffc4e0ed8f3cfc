namespace Milter.Auth;

/// <summary>A body on its way through a canonicalization, piece by piece (RFC 6376 sections 3.4.3 and 3.4.4). Only CR LF is a line end.</summary>
internal sealed class BodyForm(Canonicalization form, BodySinks into)
{
    private const byte CarriageReturn = (byte)'\r', LineFeed = (byte)'\n', Blank = (byte)' ', Tab = (byte)'\t';

    private const int Slice = 256;

    // Line ends that are written when it is clear that something follows.
    private long _lines;
    private bool _isReturn;
    private bool _isWhite;
    private bool _isAny;

    public void Take(ReadOnlySpan<byte> more)
    {
        if (more.Length == 0)
        {
            return;
        }

        if (_isReturn)
        {
            _isReturn = false;
            if (more[0] == LineFeed)
            {
                EndLine();
                more = more[1..];
            }
            else
            {
                Words([CarriageReturn]);
            }
        }

        if (form == Canonicalization.Simple)
        {
            Simple(more);
        }
        else
        {
            Relaxed(more);
        }
    }

    public void End()
    {
        if (_isReturn)
        {
            Words([CarriageReturn]);
        }

        if (form == Canonicalization.Simple || _isAny)
        {
            into.Write("\r\n"u8);
        }

        into.Flush();
    }

    private void Simple(ReadOnlySpan<byte> more)
    {
        if (more.Length > 0 && more[^1] == CarriageReturn)
        {
            _isReturn = true;
            more = more[..^1];
        }

        long lines = 0;
        while (more.EndsWith("\r\n"u8))
        {
            lines++;
            more = more[..^2];
        }

        if (more.Length > 0)
        {
            Flush();
            into.Write(more);
        }

        _lines += lines;
    }

    private void Relaxed(ReadOnlySpan<byte> more)
    {
        while (more.Length > 0)
        {
            int end = more.IndexOf(CarriageReturn);
            Words(end < 0 ? more : more[..end]);
            if (end < 0)
            {
                return;
            }

            more = more[(end + 1)..];
            if (more.Length == 0)
            {
                _isReturn = true;
            }
            else if (more[0] == LineFeed)
            {
                EndLine();
                more = more[1..];
            }
            else
            {
                Words([CarriageReturn]);
            }
        }
    }

    private void EndLine()
    {
        _isWhite = false;
        _lines++;
    }

    private void Words(ReadOnlySpan<byte> text)
    {
        if (form == Canonicalization.Simple)
        {
            Flush();
            into.Write(text);
            return;
        }

        // Looked at in slices, so that a line of any length is not looked through again for each of its words.
        for (; text.Length > Slice; text = text[Slice..])
        {
            RelaxedWords(text[..Slice]);
        }

        RelaxedWords(text);
    }

    // Most lines have one blank between words, and are written as they are.
    private void RelaxedWords(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0)
        {
            int plain = text.IndexOf(Tab) is >= 0 and var tab ? tab : text.Length;
            plain = text[..plain].IndexOf("  "u8) is >= 0 and var two ? two : plain;
            ReadOnlySpan<byte> part = text[..plain];
            if (part.Length > 0 && part[0] == Blank)
            {
                _isWhite = true;
                part = part[1..];
            }

            bool endsWhite = part.Length > 0 && part[^1] == Blank;
            part = endsWhite ? part[..^1] : part;
            if (part.Length > 0)
            {
                Flush();
                if (_isWhite)
                {
                    into.Write(" "u8);
                }

                into.Write(part);
                _isWhite = false;
            }

            _isWhite |= endsWhite;
            text = text[plain..];
            int white = text.IndexOfAnyExcept(Blank, Tab);
            _isWhite |= text.Length > 0 && white != 0;
            text = white < 0 ? [] : text[white..];
        }
    }

    private void Flush()
    {
        for (; _lines > 0; _lines--)
        {
            into.Write("\r\n"u8);
        }

        _isAny = true;
    }
}
