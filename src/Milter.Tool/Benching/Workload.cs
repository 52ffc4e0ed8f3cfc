using Milter.Client;

namespace Milter.Tool;

/// <summary>What the clients of a load do.</summary>
internal sealed class Workload(string name, int size, MailContent? given)
{
    public static readonly string[] Names = ["plain", "mixed", "recipients", "aborts"];

    /// <summary>Gets a value indicating whether this message is given up by RSET after RCPT.</summary>
    public bool IsAborted(int number) => name == "aborts" && number % 4 == 3;

    public MailTransaction Message(int number)
    {
        var message = new MailTransaction { Sender = "load@example.test", QueueId = $"Q{number}", Content = given?.Clone() ?? Content(number) };
        for (int i = 0; i < (name == "recipients" ? 50 : 1); i++)
        {
            message.Recipients.Add($"ann{i}@example.net");
        }

        return message;
    }

    private MailContent Content(int number)
    {
        // Most mail is small, some is large.
        int bytes = name != "mixed" ? size : (number % 10) switch { < 6 => size, < 9 => size * 8, _ => size * 64 };
        MailContent content = MailContent.Parse(
            $"Received: from client.example.test by mx.example.net; Thu, 1 Jan 2026 00:00:00 +0000\nFrom: Load <load@example.test>\nTo: ann@example.net\nSubject: Message {number} of a load\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nMessage-ID: <{number}@example.test>\nMIME-Version: 1.0\nContent-Type: text/plain\n\n");
        byte[] body = new byte[bytes];
        for (int i = 0; i < body.Length; i++)
        {
            body[i] = (i % 74) switch { 72 => (byte)'\r', 73 => (byte)'\n', _ => (byte)('a' + (i % 26)) };
        }

        content.Body = body;
        return content;
    }
}
