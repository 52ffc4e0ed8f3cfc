using System.Globalization;
using System.Text;

namespace Milter.Protocol;

/// <summary>The text of <c>SMFIR_REPLYCODE</c>, in the one form that Sendmail and every Postfix read alike (<c>smfi_setreply</c>, <c>smfi_setmlreply</c>).</summary>
/// <remarks>
/// Every line repeats the codes, with <c>-</c> after the code on all but the last, CR LF between lines, <c>%</c> doubled
/// because MTAs read the text as a format, and one NUL at the end.
/// <para>A text is written as printable ASCII (<see cref="ToAscii(ReadOnlySpan{byte})"/>) unless the client has asked for SMTPUTF8 (RFC 6531 section 3.7.4.2): Sendmail takes the eighth bit away, which makes
/// control characters of UTF-8, line ends among them.</para>
/// </remarks>
public static class ReplyText
{
    // 550-5.123.123, a space, and the line's end.
    private const int LongestCodes = 16;

    /// <summary>Checks a reply and makes the payload of its frame.</summary>
    /// <param name="code">The SMTP reply code (RFC 5321 section 4.2), 400 to 599.</param>
    /// <param name="enhanced">
    /// The enhanced status code (RFC 3463) of the same class as <paramref name="code"/>, such as <c>5.7.1</c>. When
    /// <see langword="null"/>, one line goes without, several lines get <c>4.0.0</c> or <c>5.0.0</c>, as libmilter does. So does a line that begins
    /// with another digit than the code, such as an address: Postfix takes that digit for an enhanced code of the wrong class, and switches the filter off. Empty: one line goes without, whatever it begins with.
    /// </param>
    /// <param name="lines">
    /// 1 to 32 lines, each of at most 980 bytes of UTF-8 (a <c>%</c> counts twice, as it does for libmilter), without control characters except TAB; may be empty text. All together
    /// no more than <see cref="MilterLimits.MaxReplyBytes"/>. <see cref="Clean"/> makes such lines of any text.
    /// </param>
    /// <returns>The payload with its final NUL, for <see cref="ReplyWriter.ReplyCode"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="enhanced"/> or <paramref name="lines"/> break a rule; the message says which, where, and how to mend it.</exception>
    public static byte[] Encode(int code, string? enhanced, params ReadOnlySpan<string> lines)
    {
        if (Find(code, enhanced, lines, out string parameter) is { } reason)
        {
            throw parameter == nameof(code)
                ? new ArgumentOutOfRangeException(parameter, code, reason)
                : new ArgumentException(reason, parameter);
        }

        string codeText = code.ToString(CultureInfo.InvariantCulture);
        bool misleads = lines[0] is [>= '0' and <= '9', ..] && lines[0][0] != codeText[0];
        if (lines.Length > 1 ? string.IsNullOrEmpty(enhanced) : enhanced is null && misleads)
        {
            enhanced = $"{codeText[0]}.0.0";
        }

        string status = string.IsNullOrEmpty(enhanced) ? "" : enhanced + " ";
        var text = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            bool last = i == lines.Length - 1;
            text.Append(codeText).Append(last ? ' ' : '-').Append(status)
                .Append(lines[i].Replace("%", "%%", StringComparison.Ordinal))
                .Append(last ? "\0" : "\r\n");
        }

        return WireText.GetBytes(text.ToString());
    }

    /// <summary>Checks a reply without making it; parameters and rules are those of <see cref="Encode"/>.</summary>
    /// <param name="code">The SMTP reply code, 400 to 599.</param>
    /// <param name="enhanced">The enhanced status code, or <see langword="null"/>.</param>
    /// <param name="lines">The lines of text.</param>
    /// <returns><see langword="null"/> when all is well, else the reason: what is wrong, where, and how to mend it.</returns>
    public static string? Check(int code, string? enhanced, ReadOnlySpan<string> lines) => Find(code, enhanced, lines, out _);

    /// <summary>Makes lines that <see cref="Encode"/> takes of a text that is data: what a client, a database or another server said.</summary>
    /// <param name="data">Any text. Line ends begin a new line; other control characters, and bytes that are no UTF-8, become <c>?</c>.</param>
    /// <returns>1 to 32 lines; what is too long is cut.</returns>
    public static string[] Clean(string? data)
    {
        var lines = new List<string>();
        int room = MilterLimits.MaxReplyBytes;
        foreach (ReadOnlySpan<char> raw in (data ?? "").AsSpan().TrimEnd("\r\n").EnumerateLines())
        {
            string line = CleanLine(raw, Math.Min(room - LongestCodes, MilterLimits.MaxReplyLineBytes));
            room -= LongestCodes + Size(line);
            lines.Add(line);
            if (lines.Count == MilterLimits.MaxReplyLines || room <= LongestCodes)
            {
                break;
            }
        }

        return lines.Count == 0 ? [""] : [.. lines];
    }

    /// <summary>Replaces what is no printable ASCII in an encoded reply by <c>?</c>, a byte each.</summary>
    /// <param name="encoded">What <see cref="Encode"/> has made.</param>
    /// <returns>A reply as long; TAB, which SMTP allows (RFC 5321 section 4.2), line ends and the last NUL stay.</returns>
    public static byte[] ToAscii(ReadOnlySpan<byte> encoded)
    {
        byte[] ascii = encoded.ToArray();
        foreach (ref byte b in ascii.AsSpan())
        {
            b = IsSayable(b) || b is (byte)'\r' or (byte)'\n' or 0 ? b : (byte)'?';
        }

        return ascii;
    }

    /// <summary>Replaces what is no printable ASCII in a text by <c>?</c>, one for each byte in UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text in printable ASCII and TAB.</returns>
    public static string ToAscii(string text) => Encoding.Latin1.GetString([.. WireText.GetBytes(text).Select(b => IsSayable(b) ? b : (byte)'?')]);

    /// <summary>Whether the text is an enhanced status code of the form <c>[245].ddd.ddd</c>, each number of 1 to 3 digits.</summary>
    internal static bool IsEnhanced(ReadOnlySpan<byte> text)
    {
        if (text.Length < 5 || text[0] is not ((byte)'2' or (byte)'4' or (byte)'5') || text[1] != '.')
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[2..];
        int dot = rest.IndexOf((byte)'.');
        return dot >= 0 && IsNumber(rest[..dot]) && IsNumber(rest[(dot + 1)..]);
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        text.Length is >= 1 and <= 3 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static string? Find(int code, string? enhanced, ReadOnlySpan<string> lines, out string parameter)
    {
        parameter = nameof(code);
        if (code is < 400 or > 599)
        {
            return $"A filter's reply code is from 400 to 599, not {code}. Use 4xx to have the client try again, 5xx to refuse.";
        }

        parameter = nameof(enhanced);
        if (!string.IsNullOrEmpty(enhanced))
        {
            if (!IsEnhanced(WireText.GetBytes(enhanced)))
            {
                return $"The enhanced code \"{enhanced}\" has not the form 5.7.1: a class and two numbers of 1 to 3 digits. Correct it, or give null.";
            }

            if (enhanced[0] != '0' + code / 100)
            {
                return $"The enhanced code {enhanced} is of another class than the reply code {code}; Postfix refuses that. Begin it with {code / 100}.";
            }
        }

        parameter = nameof(lines);
        if (lines.Length is 0 or > MilterLimits.MaxReplyLines)
        {
            return $"A reply has 1 to {MilterLimits.MaxReplyLines} lines, not {lines.Length}. Give at least an empty text, and shorten a long one.";
        }

        int all = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (FindInLine(lines[i], i + 1) is { } reason)
            {
                return reason;
            }

            all += 4 + (string.IsNullOrEmpty(enhanced) ? 0 : enhanced.Length + 1) + Size(lines[i]) + 2;
        }

        return all > MilterLimits.MaxReplyBytes
            ? $"The reply has {all} bytes in all, codes and line ends included, more than {MilterLimits.MaxReplyBytes}: Sendmail would cut it, and its client wait for the end. Shorten it."
            : null;
    }

    private static bool IsSayable(byte b) => b is (>= (byte)' ' and <= (byte)'~') or (byte)'\t';

    private static int Size(string line) => WireText.GetByteCount(line) + line.AsSpan().Count('%');

    private static string CleanLine(ReadOnlySpan<char> raw, int room)
    {
        var line = new StringBuilder();
        foreach (Rune rune in raw.EnumerateRunes())
        {
            // A lone surrogate comes as U+FFFD, and so does what somebody else could not read.
            Rune shown = Rune.IsControl(rune) || rune == Rune.ReplacementChar ? new Rune('?') : rune;
            room -= shown.Value == '%' ? 2 : shown.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            line.Append(shown.ToString());
        }

        return line.ToString();
    }

    private static string? FindInLine(string? line, int number)
    {
        if (line is null)
        {
            return $"Line {number} of the reply is null. Give an empty text instead.";
        }

        for (int i = 0; i < line.Length; i++)
        {
            if (char.IsControl(line[i]) && line[i] != '\t')
            {
                return $"Line {number} of the reply has the control character U+{(int)line[i]:X4} at position {i}. Remove it; give a new line as a line of its own.";
            }
        }

        int bytes = Size(line);
        return bytes > MilterLimits.MaxReplyLineBytes
            ? $"Line {number} of the reply has {bytes} bytes (each % counts twice), more than {MilterLimits.MaxReplyLineBytes}. Shorten it, or spread it over several lines."
            : null;
    }
}
