using System.Text;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>What DATA carries: header fields and body.</summary>
public sealed class MailContent
{
    /// <summary>Makes an empty message.</summary>
    public MailContent()
    {
    }

    /// <summary>Makes a message.</summary>
    /// <param name="headers">The header fields, from the top.</param>
    /// <param name="body">The body, lines ended by CR LF.</param>
    /// <exception cref="ArgumentNullException"><paramref name="headers"/> is <see langword="null"/>.</exception>
    public MailContent(IEnumerable<MailHeader> headers, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(headers);
        Headers = [.. headers];
        Body = body;
    }

    /// <summary>Gets the header fields, from the top.</summary>
    public IList<MailHeader> Headers { get; } = new List<MailHeader>();

    /// <summary>Gets or sets the body: lines ended by CR LF, dots not doubled.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Gets the value of the first field of this name, or <see langword="null"/>.</summary>
    /// <param name="name">The name; case does not matter.</param>
    public string? this[string name] => Headers.FirstOrDefault(header => header.Is(name))?.Value;

    /// <summary>Reads a message, as an <c>.eml</c> file has it.</summary>
    /// <remarks>
    /// Lines may end with CR LF or LF; in the body they end with CR LF afterwards. The first line that is no header field ends the header, with or
    /// without an empty line, as with MTAs: a field's name is printable ASCII. A byte-order mark and a line <c>From </c> of an mbox before the header are left out.
    /// </remarks>
    /// <param name="message">The bytes.</param>
    /// <returns>The message.</returns>
    public static MailContent Parse(ReadOnlySpan<byte> message)
    {
        var content = new MailContent();
        ReadOnlySpan<byte> rest = message.StartsWith("\uFEFF"u8) ? message[3..] : message;
        if (rest.StartsWith("From "u8))
        {
            Line(rest, out int mbox);
            rest = rest[mbox..];
        }

        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> line = Line(rest, out int length);
            if (line.IsEmpty)
            {
                rest = rest[length..];
                break;
            }

            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> name = colon <= 0 ? default : line[..colon].TrimEnd(" \t"u8);
            if (name.IsEmpty || name.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            {
                break;
            }

            rest = rest[length..];
            var value = new StringBuilder(WireText.GetString(line[(colon + 1)..]));
            while (!rest.IsEmpty && rest[0] is (byte)' ' or (byte)'\t')
            {
                value.Append('\n').Append(WireText.GetString(Line(rest, out length)));
                rest = rest[length..];
            }

            content.Headers.Add(MailHeader.Verbatim(WireText.GetString(name), value.Replace("\r\n", "\n").ToString()));
        }

        content.Body = WithNetworkLines(rest);
        return content;
    }

    /// <summary>Reads a message from text.</summary>
    /// <param name="message">The message; lines may end with CR LF or LF.</param>
    /// <returns>The message.</returns>
    public static MailContent Parse(string message) => Parse(WireText.GetBytes(message));

    /// <summary>Reads an <c>.eml</c> file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The message.</returns>
    public static MailContent Load(string path) => Parse(File.ReadAllBytes(path));

    /// <summary>Makes a copy that can be changed without changing this one.</summary>
    /// <returns>The copy.</returns>
    public MailContent Clone() => new(Headers, Body);

    /// <summary>Writes the message with CR LF at the ends of lines.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] ToBytes()
    {
        var header = new StringBuilder();
        foreach (MailHeader field in Headers)
        {
            header.Append(field).Append('\n');
        }

        return [.. WireText.GetBytes(header.Append('\n').Replace("\n", "\r\n").ToString()), .. Body.Span];
    }

    /// <summary>Says the message as text with line feeds.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => WireText.GetString(ToBytes()).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>Ends every line with CR LF, the last one too.</summary>
    internal static byte[] WithNetworkLines(ReadOnlySpan<byte> text)
    {
        var output = new List<byte>(text.Length + 64);
        while (!text.IsEmpty)
        {
            output.AddRange(Line(text, out int length));
            output.AddRange("\r\n"u8);
            text = text[length..];
        }

        return [.. output];
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text, out int length)
    {
        int end = text.IndexOf((byte)'\n');
        length = end < 0 ? text.Length : end + 1;
        ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }
}
