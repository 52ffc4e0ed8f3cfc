using System.IO.Compression;
using System.Text;

namespace Milter.Mime.Tests;

/// <summary>Messages and archives for tests.</summary>
internal static class Mail
{
    /// <summary>Latin-1, LF made CR LF.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    public static MailParts Read(string text, MailPartsOptions? options = null) => Read(Bytes(text), options);

    public static MailParts Read(byte[] message, MailPartsOptions? options = null) => MailParts.Read(new MemoryStream(message), options);

    /// <summary>A text and an attachment with these content fields, in base64.</summary>
    public static string WithAttachment(string fields, string content = "aGVsbG8=", string behind = "") =>
        $"From: a@x.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nhi\n--o\n{fields}\nContent-Transfer-Encoding: base64\n\n{content}\n--o--\n{behind}";

    public static string WithAttachment(string fields, byte[] content) => WithAttachment(fields, Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks));

    public static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return output.ToArray();
    }

    public static string Written(MailParts parts)
    {
        var output = new MemoryStream();
        parts.WriteTo(output);
        return Encoding.Latin1.GetString(output.ToArray());
    }
}
