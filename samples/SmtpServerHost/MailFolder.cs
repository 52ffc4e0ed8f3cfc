using System.Globalization;
using Milter.Client;

namespace Samples.SmtpServerHost;

/// <summary>Where mail goes: a file for each message, with its envelope in the first lines.</summary>
/// <param name="path">The folder.</param>
internal sealed class MailFolder(string path)
{
    private int _count;

    /// <summary>Writes a message.</summary>
    public void Store(MailTransaction message)
    {
        string state = message.QuarantineReason is null ? "" : ".held";
        string name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Interlocked.Increment(ref _count):D4}{state}.eml");
        string envelope = $"X-Envelope-From: {message.Sender}\r\nX-Envelope-To: {string.Join(", ", message.Recipients)}\r\n";
        using FileStream file = File.Create(Path.Combine(path, name));
        file.Write(System.Text.Encoding.UTF8.GetBytes(envelope));
        file.Write(message.Content.ToBytes());
    }
}
