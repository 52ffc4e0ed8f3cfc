using System.Text;
using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>A message in the hands of the demo's MTA: envelope, header, body.</summary>
internal sealed class MailMessage
{
    public required string Sender { get; set; }

    public required List<string> Recipients { get; init; }

    public required List<MailHeader> Headers { get; init; }

    /// <summary>The body with CR LF line ends, as it goes over the wire.</summary>
    public required byte[] Body { get; set; }

    /// <summary>Why the message is held, if a filter asked for that.</summary>
    public string? HoldReason { get; set; }

    /// <summary>The first field of that name as people read it, or <see langword="null"/>.</summary>
    public string? Decoded(string name) =>
        Headers.Find(header => header.Is(name)) is { } found ? Milter.EncodedWords.Decode(found.Text) : null;

    public MailMessage Clone() => new()
    {
        Sender = Sender,
        Recipients = [.. Recipients],
        Headers = [.. Headers],
        Body = Body,
        HoldReason = HoldReason,
    };

    /// <summary>Reads a message as it is stored in a file, whatever its line ends.</summary>
    public static MailMessage Parse(ReadOnlySpan<byte> file, string sender, params string[] recipients)
    {
        string text = WireText.GetString(file).Replace("\r\n", "\n", StringComparison.Ordinal);
        int end = text.IndexOf("\n\n", StringComparison.Ordinal);
        string head = end < 0 ? text.TrimEnd('\n') : text[..end];
        string body = end < 0 ? "" : text[(end + 2)..];

        var headers = new List<MailHeader>();
        foreach (string line in head.Split('\n'))
        {
            if (line.StartsWith(' ') || line.StartsWith('\t'))
            {
                MailHeader folded = headers.Count > 0 ? headers[^1] : throw new FormatException("The message begins with a continuation line.");
                headers[^1] = folded with { Text = folded.Text + "\n" + line };
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new FormatException($"'{line}' is neither a header field nor the continuation of one.");
            }

            headers.Add(new MailHeader(line[..colon], line[(colon + 1)..]));
        }

        return new MailMessage
        {
            Sender = sender,
            Recipients = [.. recipients],
            Headers = headers,
            Body = WireText.GetBytes(body.Replace("\n", "\r\n", StringComparison.Ordinal)),
        };
    }

    /// <summary>Writes it out for a comparison: the envelope, the header and the body, line by line.</summary>
    public IReadOnlyList<string> ToLines()
    {
        var text = new StringBuilder();
        text.Append("MAIL FROM:").Append(Sender).Append('\n');
        foreach (string recipient in Recipients)
        {
            text.Append("RCPT TO:").Append(recipient).Append('\n');
        }

        foreach (MailHeader header in Headers)
        {
            text.Append(header.Name).Append(':').Append(header.Text).Append('\n');
        }

        text.Append('\n').Append(WireText.GetString(Body).Replace("\r\n", "\n", StringComparison.Ordinal));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
