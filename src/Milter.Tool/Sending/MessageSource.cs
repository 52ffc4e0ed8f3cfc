using System.Text;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>A message that is to be sent.</summary>
internal sealed record SourceMessage(string Name, MailContent Content, string? MboxSender);

/// <summary>Reads messages: files, folders, mailboxes (mbox), the standard input.</summary>
internal static class MessageSource
{
    private static readonly byte[] s_from = "From "u8.ToArray();

    /// <summary>Reads them one by one, so that a large mailbox is not held twice.</summary>
    public static IEnumerable<SourceMessage> Read(IReadOnlyList<string> paths, Terminal terminal)
    {
        if (paths.Count == 0 && !terminal.IsInputPiped)
        {
            throw new ToolException(ExitCode.Usage, "no message: name files, folders or mailboxes, or pipe a message in (milter send ENDPOINT < message.eml).");
        }

        foreach (string path in paths.Count == 0 ? ["-"] : paths)
        {
            foreach ((string name, byte[] bytes) in Files(path, terminal))
            {
                foreach (SourceMessage message in Split(name, bytes))
                {
                    yield return message;
                }
            }
        }
    }

    /// <summary>Makes the transaction: the envelope as told, or as the message has it.</summary>
    public static MailTransaction ToTransaction(SourceMessage source, MailSettings settings)
    {
        var message = new MailTransaction
        {
            Sender = Path(settings.From ?? source.MboxSender ?? Addresses(source.Content, "Return-Path").Concat(Addresses(source.Content, "From")).FirstOrDefault() ?? ""),
            Content = source.Content,
            QueueId = "4Xk2P6hRbz1Fm",
            Received = new MailHeader("Received", "from client.example.test by mx.example.test;\n\tThu, 1 Jan 2026 00:00:00 +0000"),
        };
        string[] recipients = settings.To.Count > 0 ? [.. settings.To] : [.. Addresses(source.Content, "To").Concat(Addresses(source.Content, "Cc")).Distinct()];
        foreach (string recipient in recipients.Length > 0 ? recipients : ["postmaster@example.test"])
        {
            message.Recipients.Add(Path(recipient));
        }

        return message;
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Files(string path, Terminal terminal)
    {
        if (path == "-")
        {
            using var all = new MemoryStream();
            terminal.Input.CopyTo(all);
            yield return ("(standard input)", all.ToArray());
        }
        else if (Directory.Exists(path))
        {
            foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => !IsHidden(path, file)).Order(StringComparer.Ordinal))
            {
                yield return (System.IO.Path.GetRelativePath(path, file), File.ReadAllBytes(file));
            }
        }
        else if (File.Exists(path))
        {
            yield return (System.IO.Path.GetFileName(path), File.ReadAllBytes(path));
        }
        else
        {
            throw new ToolException(ExitCode.NoInput, $"{path} is not there.");
        }
    }

    private static bool IsHidden(string folder, string file) =>
        System.IO.Path.GetRelativePath(folder, file).Split(System.IO.Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'));

    /// <summary>A mailbox begins with a line <c>From </c>; in it, each such line after an empty one begins a message.</summary>
    private static IEnumerable<SourceMessage> Split(string name, byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(s_from))
        {
            yield return new SourceMessage(name, MailContent.Parse(bytes), null);
            yield break;
        }

        int number = 0;
        for (int start = 0; start < bytes.Length;)
        {
            int next = NextMessage(bytes, start + 1);
            int lineEnd = bytes.AsSpan(start, next - start).IndexOf((byte)'\n') is >= 0 and var end ? start + end + 1 : next;
            string line = WireText.GetString(bytes.AsSpan(start, lineEnd - start)).Trim();
            string? sender = line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var address, ..] ? address == "MAILER-DAEMON" ? "" : address : null;
            yield return new SourceMessage($"{name} #{++number}", MailContent.Parse(Unquoted(bytes.AsSpan(lineEnd, next - lineEnd))), sender);
            start = next;
        }
    }

    private static int NextMessage(byte[] bytes, int start)
    {
        for (int at = start; bytes.AsSpan(at).IndexOf("\nFrom "u8) is >= 0 and var found; at += found + 1)
        {
            int lineFeed = at + found;
            int before = lineFeed > 0 && bytes[lineFeed - 1] == '\r' ? lineFeed - 2 : lineFeed - 1;
            if (before >= 0 && bytes[before] == '\n')
            {
                return lineFeed + 1;
            }
        }

        return bytes.Length;
    }

    /// <summary>Takes one <c>&gt;</c> off lines that a mailbox has quoted, and the empty line that ends each message.</summary>
    private static byte[] Unquoted(ReadOnlySpan<byte> message)
    {
        string[] lines = Encoding.Latin1.GetString(message).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = lines[i].StartsWith('>') && lines[i].TrimStart('>').StartsWith("From ", StringComparison.Ordinal) ? lines[i][1..] : lines[i];
        }

        int count = lines is [.., "" or "\r", ""] ? lines.Length - 1 : lines.Length;
        return Encoding.Latin1.GetBytes(string.Join('\n', lines[..count]));
    }

    // ESMTP arguments may follow: "ann@example.test NOTIFY=NEVER".
    private static MailPath Path(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? MailPath.Null : new MailPath(parts[0], parts[1..]);
    }

    private static IEnumerable<string> Addresses(MailContent content, string field)
    {
        foreach (MailHeader header in content.Headers.Where(header => header.Is(field)))
        {
            foreach (string item in header.Value.Replace("\n", "", StringComparison.Ordinal).Split(','))
            {
                int open = item.LastIndexOf('<');
                int close = item.LastIndexOf('>');
                string address = open >= 0 && close > open ? item[(open + 1)..close] : item.Trim();
                if ((address.Contains('@', StringComparison.Ordinal) || field == "Return-Path") && !address.Contains(' ', StringComparison.Ordinal))
                {
                    yield return address;
                }
            }
        }
    }
}
