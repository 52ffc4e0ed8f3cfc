using System.Globalization;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>What MTAs make of content that breaks the rules, before a filter sees it.</summary>
internal static class Intake
{
    /// <summary>Postfix's limit for a field where it has filters (<c>KLUDGE_HEADER_LIMIT</c>).</summary>
    private const int PostfixField = 60_000;

    /// <summary>Sendmail's limit for all fields together (<c>MaxHeadersLength</c>).</summary>
    private const int SendmailHeader = 32_768;

    /// <summary>A line ends at a NUL, a bare CR is a blank, and a field ends before the line that makes it too long; its first line is cut.</summary>
    public static MailHeader OfPostfix(MailHeader header)
    {
        byte[] raw = WireText.GetBytes(header.RawValue);
        int room = PostfixField - header.Name.Length - 1;
        if (room >= raw.Length && raw.AsSpan().IndexOfAny((byte)0, (byte)'\r') < 0)
        {
            return header;
        }

        var kept = new List<byte>(Math.Min(raw.Length, PostfixField));
        for (int start = 0, end; start <= raw.Length; start = end + 1)
        {
            end = Array.IndexOf(raw, (byte)'\n', start) is >= 0 and var found ? found : raw.Length;
            ReadOnlySpan<byte> line = raw.AsSpan(start, end - start);
            line = line.IndexOf((byte)0) is >= 0 and var nul ? line[..nul] : line;
            bool isFirst = start == 0;
            if (!isFirst && kept.Count + 1 + line.Length > room)
            {
                break;
            }

            if (!isFirst)
            {
                kept.Add((byte)'\n');
            }

            foreach (byte b in isFirst ? line[..Math.Clamp(room, 0, line.Length)] : line)
            {
                kept.Add(b == '\r' ? (byte)' ' : b);
            }
        }

        return MailHeader.Verbatim(header.Name, WireText.GetString([.. kept]));
    }

    /// <summary>A bare CR is a blank.</summary>
    public static ReadOnlyMemory<byte> OfPostfix(ReadOnlyMemory<byte> body)
    {
        if (FindBareReturn(body.Span) < 0)
        {
            return body;
        }

        byte[] mended = body.ToArray();
        for (int at = FindBareReturn(mended); at >= 0; at = FindBareReturn(mended, at + 1))
        {
            mended[at] = (byte)' ';
        }

        return mended;
    }

    /// <summary>NULs are dropped.</summary>
    public static MailHeader OfSendmail(MailHeader header) => header.RawValue.Contains('\0', StringComparison.Ordinal)
        ? MailHeader.Verbatim(header.Name, header.RawValue.Replace("\0", "", StringComparison.Ordinal))
        : header;

    /// <summary>Says why Sendmail does not take a content; <see langword="null"/> where it does.</summary>
    public static string? FindOfSendmail(MailContent content)
    {
        if (content.Headers.FirstOrDefault(header => header.RawValue.Contains('\r', StringComparison.Ordinal)) is { } odd)
        {
            return $"its header field {odd.Name} has a bare CR (421)";
        }

        if (FindBareReturn(content.Body.Span) >= 0)
        {
            return "its body has a bare CR (421)";
        }

        int[] sizes = [.. content.Headers.Select(header => header.Name.Length + 1 + WireText.GetByteCount(header.RawValue))];
        if (sizes.Sum() <= SendmailHeader)
        {
            return null;
        }

        MailHeader largest = content.Headers[Array.IndexOf(sizes, sizes.Max())];
        return string.Create(CultureInfo.InvariantCulture, $"its header has {sizes.Sum()} bytes, {sizes.Max()} of them in {largest.Name}, and {SendmailHeader} may be (552 5.6.0 Headers too large)");
    }

    private static int FindBareReturn(ReadOnlySpan<byte> text, int from = 0)
    {
        for (int at = from; at < text.Length; at++)
        {
            int next = text[at..].IndexOf((byte)'\r');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (at + 1 >= text.Length || text[at + 1] != '\n')
            {
                return at;
            }
        }

        return -1;
    }
}
