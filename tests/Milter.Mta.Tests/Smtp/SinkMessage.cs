using System.Text;

namespace Milter.Mta.Tests;

/// <summary>An address of the envelope as the delivering server sent it.</summary>
/// <param name="Address">The address without its angle brackets.</param>
/// <param name="Arguments">The ESMTP arguments behind it.</param>
public sealed record EnvelopeAddress(string Address, IReadOnlyList<string> Arguments)
{
    /// <summary>Reads what follows <c>MAIL FROM:</c> or <c>RCPT TO:</c>.</summary>
    internal static EnvelopeAddress Parse(string text)
    {
        int end = text.LastIndexOf('>');
        return new EnvelopeAddress(
            text[(text.IndexOf('<') + 1)..end],
            text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>A header field.</summary>
/// <param name="Name">The name as it was written.</param>
/// <param name="Value">What follows the colon and one space; folded lines joined by LF, with their white space.</param>
public sealed record HeaderField(string Name, string Value);

/// <summary>A message's content; text is Latin-1, so that every character is one byte.</summary>
public class MessageContent(byte[] data)
{
    /// <summary>The bytes, header and body.</summary>
    public byte[] Data { get; } = data;

    /// <summary>The bytes as text.</summary>
    public string Text => Encoding.Latin1.GetString(Data);

    /// <summary>The header fields, top first.</summary>
    public IReadOnlyList<HeaderField> Headers
    {
        get
        {
            var fields = new List<HeaderField>();
            foreach (string line in Split().Header.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line[0] is ' ' or '\t' && fields is [.., var last])
                {
                    fields[^1] = last with { Value = $"{last.Value}\n{line}" };
                }
                else
                {
                    int colon = line.IndexOf(':');
                    string value = line[(colon + 1)..];
                    fields.Add(new HeaderField(line[..Math.Max(colon, 0)], value.StartsWith(' ') ? value[1..] : value));
                }
            }

            return fields;
        }
    }

    /// <summary>What follows the blank line, with the line ends as they came.</summary>
    public string Body => Split().Body;

    /// <summary>The values of all header fields of a name, top first.</summary>
    public IReadOnlyList<string> HeaderValues(string name) =>
        [.. Headers.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];

    private (string Header, string Body) Split()
    {
        string end = Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        string text = Text;
        int blank = text.StartsWith(end, StringComparison.Ordinal) ? 0 : text.IndexOf(end + end, StringComparison.Ordinal);
        return blank < 0
            ? (text.ReplaceLineEndings("\n"), "")
            : (text[..blank].Replace("\r\n", "\n", StringComparison.Ordinal), text[(blank + (blank == 0 ? 1 : 2) * end.Length)..]);
    }
}

/// <summary>A message that a server delivered.</summary>
/// <param name="from">The envelope sender.</param>
/// <param name="recipients">The recipients of this delivery.</param>
/// <param name="data">The content, dots undone.</param>
public sealed class SinkMessage(EnvelopeAddress from, IReadOnlyList<EnvelopeAddress> recipients, byte[] data) : MessageContent(data)
{
    /// <summary>The envelope sender; its address is empty for a bounce.</summary>
    public EnvelopeAddress From { get; } = from;

    /// <summary>The recipients of this delivery, in the server's order.</summary>
    public IReadOnlyList<EnvelopeAddress> Recipients { get; } = recipients;

    /// <summary>Whether an address is among the recipients.</summary>
    public bool IsFor(string address) => Recipients.Any(recipient => recipient.Address == address);

    /// <summary>The envelope and the content.</summary>
    public override string ToString() =>
        $"From <{From.Address}> to {string.Join(", ", Recipients.Select(r => $"<{r.Address}>"))}\n{Text}";
}
