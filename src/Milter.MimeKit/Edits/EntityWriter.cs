using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Encodings;
using Milter.Mime.Content;

namespace Milter.Mime.Edits;

/// <summary>Writes what is new: parts, fields, encoded content.</summary>
internal static class EntityWriter
{
    private const int MaxLine = 998;
    private const int Base64Line = 76;

    /// <summary>Makes a boundary of all that stands between two of them, which can't have it foreseen; and the same for the same message, whoever asks.</summary>
    /// <param name="message">The message.</param>
    /// <param name="more">What there is besides.</param>
    public static string NewBoundary(Stream message, IEnumerable<byte[]> more)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var content = new RangeStream(message, 0, message.Length);
        byte[] buffer = new byte[32 * 1024];
        while (content.Read(buffer) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
        }

        foreach (byte[] one in more)
        {
            hash.AppendData(one);
        }

        return "=_attrmilter_" + Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Makes a text part.</summary>
    public static byte[] Text(string text, string newLine)
    {
        (List<(string Name, string Value)> fields, byte[] content) = TextParts(text, newLine);
        return [.. Header(fields, newLine), .. content];
    }

    /// <summary>Makes the fields and the content of a text part.</summary>
    public static (List<(string Name, string Value)> Fields, byte[] Content) TextParts(string text, string newLine)
    {
        string lines = Lines(text, newLine);
        bool isPlain = Ascii.IsValid(lines) && lines.Split('\n').All(line => line.Length <= MaxLine) && !lines.Contains('\0', StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(lines);
        return (
            [
                ("Content-Type", $" text/plain; charset={(Ascii.IsValid(lines) ? "us-ascii" : "utf-8")}"),
                ("Content-Transfer-Encoding", isPlain ? " 7bit" : " quoted-printable"),
            ],
            isPlain ? bytes : Encode(bytes, TransferEncoding.QuotedPrintable, newLine));
    }

    /// <summary>Makes an attachment, in base64.</summary>
    public static byte[] Attachment(string name, string mediaType, ReadOnlySpan<byte> content, string newLine)
    {
        var type = ContentType.Parse(mediaType);
        type.Name = name;
        var disposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = name };
        return
        [
            .. Header([("Content-Type", Value(type, newLine)), ("Content-Transfer-Encoding", " base64"), ("Content-Disposition", Value(disposition, newLine))], newLine),
            .. Encode(content, TransferEncoding.Base64, newLine),
        ];
    }

    /// <summary>Writes a Content-Type's value, folded.</summary>
    public static string Value(ContentType type, string newLine) => AfterColon(type.ToString(Options(newLine), Encoding.UTF8, encode: true));

    /// <summary>Writes a Content-Disposition's value, folded.</summary>
    public static string Value(ContentDisposition disposition, string newLine) => AfterColon(disposition.ToString(Options(newLine), Encoding.UTF8, encode: true));

    public static byte[] Header(IEnumerable<(string Name, string Value)> fields, string newLine) =>
        Encoding.Latin1.GetBytes(string.Concat(fields.Select(field => $"{field.Name}:{field.Value}{newLine}")) + newLine);

    /// <summary>Gives text the line ends of the message.</summary>
    public static string Lines(string text, string newLine) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\n", newLine, StringComparison.Ordinal);

    /// <summary>Encodes content for sending.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> content, TransferEncoding encoding, string newLine)
    {
        switch (encoding)
        {
            case TransferEncoding.Base64:
                return Base64(content, newLine);
            case TransferEncoding.QuotedPrintable:
                return QuotedPrintable(content.ToArray(), newLine);
            default:
                return content.ToArray();
        }
    }

    private static byte[] Base64(ReadOnlySpan<byte> content, string newLine)
    {
        var text = new StringBuilder((content.Length / 54 * (Base64Line + 2)) + 80);
        for (int bytes = Base64Line / 4 * 3; content.Length > 0; content = content[Math.Min(bytes, content.Length)..])
        {
            text.Append(Convert.ToBase64String(content[..Math.Min(bytes, content.Length)])).Append(newLine);
        }

        return Encoding.Latin1.GetBytes(text.ToString(0, Math.Max(0, text.Length - newLine.Length)));
    }

    private static byte[] QuotedPrintable(byte[] content, string newLine)
    {
        var encoder = new QuotedPrintableEncoder();
        byte[] output = new byte[encoder.EstimateOutputLength(content.Length)];
        int length = encoder.Flush(content, 0, content.Length, output);
        byte[] encoded = output[..length];

        // A soft break at the very end, which the encoder writes where there is no line end, says nothing.
        string text = Encoding.Latin1.GetString(encoded).Replace("\r\n", "\n", StringComparison.Ordinal);
        if (text.EndsWith("=\n", StringComparison.Ordinal) && (content.Length == 0 || content[^1] != '\n'))
        {
            text = text[..^2];
        }

        return Encoding.Latin1.GetBytes(text.Replace("\n", newLine, StringComparison.Ordinal));
    }

    private static FormatOptions Options(string newLine)
    {
        FormatOptions options = FormatOptions.Default.Clone();
        options.NewLineFormat = newLine == "\n" ? NewLineFormat.Unix : NewLineFormat.Dos;
        return options;
    }

    private static string AfterColon(string field) => field[(field.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimEnd('\r', '\n');
}
