namespace Milter.Protocol;

/// <summary>The encoding <c>xtext</c> (RFC 3461 section 4): <c>+</c> and two hexadecimal digits for what is not printable ASCII, <c>+</c> and <c>=</c>.</summary>
/// <remarks>ESMTP arguments have it (<c>ENVID</c>, <c>ORCPT</c>, <c>AUTH</c>), and Sendmail's macros of logins and certificates.</remarks>
public static class Xtext
{
    private const string Digits = "0123456789ABCDEF";

    /// <summary>Decodes a text. Nothing is refused: a <c>+</c> without two hexadecimal digits stays.</summary>
    /// <param name="xtext">The text as it was sent.</param>
    /// <returns>The text that was meant; bytes that are no UTF-8 as <see cref="WireText"/> has them.</returns>
    public static string Decode(ReadOnlySpan<byte> xtext)
    {
        if (!xtext.Contains((byte)'+'))
        {
            return WireText.GetString(xtext);
        }

        byte[] decoded = new byte[xtext.Length];
        int length = 0;
        for (int i = 0; i < xtext.Length; i++)
        {
            bool isEscape = IsEscape(xtext[i..]);
            decoded[length++] = isEscape ? (byte)((Value(xtext[i + 1]) << 4) | Value(xtext[i + 2])) : xtext[i];
            i += isEscape ? 2 : 0;
        }

        return WireText.GetString(decoded.AsSpan(0, length));
    }

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte})"/>
    /// <exception cref="ArgumentNullException"><paramref name="xtext"/> is <see langword="null"/>.</exception>
    public static string Decode(string xtext)
    {
        ArgumentNullException.ThrowIfNull(xtext);
        return xtext.Contains('+', StringComparison.Ordinal) ? Decode(WireText.GetBytes(xtext)) : xtext;
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Printable ASCII without spaces.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static string Encode(string text)
    {
        var encoded = new System.Text.StringBuilder(text?.Length ?? 0);
        foreach (byte b in WireText.GetBytes(text!))
        {
            if (IsPlain(b))
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('+').Append(Digits[b >> 4]).Append(Digits[b & 15]);
            }
        }

        return encoded.ToString();
    }

    /// <summary>Says whether a text is well-formed xtext.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is; an empty one is.</returns>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isEscape = IsEscape(text[i..]);
            if (!isEscape && !IsPlain(text[i]))
            {
                return false;
            }

            i += isEscape ? 2 : 0;
        }

        return true;
    }

    private static bool IsPlain(byte b) => b is > (byte)' ' and <= (byte)'~' and not ((byte)'+' or (byte)'=');

    private static bool IsEscape(ReadOnlySpan<byte> text) =>
        text.Length > 2 && text[0] == '+' && char.IsAsciiHexDigit((char)text[1]) && char.IsAsciiHexDigit((char)text[2]);

    private static int Value(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
