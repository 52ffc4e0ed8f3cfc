using System.Security.Cryptography;
using System.Text;
using Milter;

namespace Samples.Archive;

/// <summary>A maildir (https://cr.yp.to/proto/maildir.html): a message is written whole into <c>tmp</c> and then named in <c>new</c>, so that nobody sees half of one.</summary>
internal sealed class Maildir
{
    private readonly string _path;

    public Maildir(string path)
    {
        _path = path;
        foreach (string folder in (string[])["tmp", "new", "cur"])
        {
            Directory.CreateDirectory(Path.Combine(path, folder));
        }
    }

    /// <summary>Writes a message under a name that is its own: writing it again, after a try that was put off by another filter, replaces it.</summary>
    public async Task WriteAsync(string id, MessageEnvelope envelope, MessageHeaders headers, MessageBody body, CancellationToken cancellationToken)
    {
        string name = NameOf(id);
        string temporary = Path.Combine(_path, "tmp", $"{name}.{Guid.NewGuid():N}");
        try
        {
            byte[] head = HeadOf(envelope, headers);
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(head, cancellationToken);
                await body.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path.Combine(_path, "new", name), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static byte[] HeadOf(MessageEnvelope envelope, MessageHeaders headers)
    {
        var head = new StringBuilder($"Return-Path: <{envelope.Sender.Address}>\r\n");
        foreach (EnvelopeAddress recipient in envelope.Recipients)
        {
            head.Append($"X-Original-To: {recipient.Address}\r\n");
        }

        foreach (HeaderField field in headers)
        {
            head.Append($"{field.NameText}: {field.ValueText.TrimStart(' ').Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal)}\r\n");
        }

        return Milter.Protocol.WireText.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>A queue id is letters and digits with both MTAs; whatever else it were, it is no path here.</summary>
    private static string NameOf(string id) => id.All(char.IsAsciiLetterOrDigit) ? id : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..32];
}
