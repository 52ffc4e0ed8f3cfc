namespace Milter.Protocol;

/// <summary>A filter's own reply text as an MTA reads it (<c>SMFIR_REPLYCODE</c>).</summary>
/// <remarks>Judged as strictly as Postfix 3.12 does: what older MTAs pass on to their clients unseen is an error here.</remarks>
public readonly ref struct ReplyCodePayload
{
    private ReplyCodePayload(int code, ReadOnlySpan<byte> enhanced, ReadOnlySpan<byte> text)
    {
        Code = code;
        EnhancedCode = enhanced;
        Text = text;
    }

    /// <summary>Gets the reply code, 400 to 599.</summary>
    public int Code { get; }

    /// <summary>Gets the enhanced status code of the first line, such as <c>5.7.1</c>; empty when there is none.</summary>
    public ReadOnlySpan<byte> EnhancedCode { get; }

    /// <summary>Gets the whole text as on the wire, percent signs doubled, without the NUL.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Reads a reply text.</summary>
    /// <param name="payload">The payload of a REPLYCODE frame.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns>
    /// <see langword="false"/> when the NUL is missing, a line does not begin with the one code from 400 to 599, <c>-</c> is
    /// not on all lines but the last, an enhanced code is of another class, or CR and LF are not in pairs.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ReplyCodePayload value, out string? error)
    {
        value = default;
        int nul = payload.IndexOf((byte)0);
        if (nul < 0)
        {
            error = "REPLYCODE has no NUL at its end";
            return false;
        }

        ReadOnlySpan<byte> text = payload[..nul];
        error = Find(text);
        if (error is null)
        {
            int code = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
            value = new ReplyCodePayload(code, EnhancedOf(Line(text)), text);
        }

        return error is null;
    }

    /// <summary>Makes the lines that the SMTP client gets: codes and text, <c>%%</c> as <c>%</c>, without line ends.</summary>
    /// <remarks>A percent sign that is not doubled is left out, as Postfix does.</remarks>
    /// <returns>At least one line, such as <c>550-5.7.1 one</c> and <c>550 5.7.1 two</c>.</returns>
    public string[] GetLines() => Collect(withCodes: true);

    /// <summary>Makes the lines' text alone: as <see cref="GetLines"/> but without reply code and enhanced code.</summary>
    /// <returns>At least one text, which may be empty.</returns>
    public string[] GetTexts() => Collect(withCodes: false);

    private static string? Find(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> code = text.Length < 4 ? default : text[..3];
        if (code.IsEmpty || code[0] is not ((byte)'4' or (byte)'5') || code.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return "REPLYCODE does not begin with a code from 400 to 599 and a space or '-'";
        }

        while (true)
        {
            ReadOnlySpan<byte> line = Line(text);
            bool last = line.Length == text.Length;
            if (line.Length < 4 || !line.StartsWith(code))
            {
                return "REPLYCODE has a line that does not begin with the code of the first";
            }

            if (line[3] != (last ? ' ' : '-'))
            {
                return "REPLYCODE must have '-' after the code on every line but the last, and a space there";
            }

            if (line.ContainsAny((byte)'\r', (byte)'\n'))
            {
                return "REPLYCODE has CR and LF that are not a pair";
            }

            ReadOnlySpan<byte> enhanced = EnhancedOf(line);
            if (!enhanced.IsEmpty && enhanced[0] != code[0])
            {
                return "REPLYCODE has an enhanced code of another class than its code";
            }

            if (last)
            {
                return null;
            }

            text = text[(line.Length + 2)..];
        }
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text) =>
        text.IndexOf("\r\n"u8) is >= 0 and var end ? text[..end] : text;

    private static ReadOnlySpan<byte> EnhancedOf(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line[4..];
        ReadOnlySpan<byte> word = rest.IndexOf((byte)' ') is >= 0 and var space ? rest[..space] : rest;
        return ReplyText.IsEnhanced(word) ? word : default;
    }

    private string[] Collect(bool withCodes)
    {
        var lines = new List<string>();
        ReadOnlySpan<byte> rest = Text;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> line = Line(rest);
            rest = line.Length == rest.Length ? default : rest[(line.Length + 2)..];
            if (!withCodes)
            {
                int enhanced = EnhancedOf(line).Length;
                line = line[Math.Min(line.Length, 4 + enhanced + (enhanced > 0 ? 1 : 0))..];
            }

            lines.Add(Unformat(WireText.GetString(line)));
        }

        return [.. lines];
    }

    private static string Unformat(string text) => text.Contains('%', StringComparison.Ordinal)
        ? string.Join('%', text.Split("%%").Select(part => part.Replace("%", "", StringComparison.Ordinal)))
        : text;
}
