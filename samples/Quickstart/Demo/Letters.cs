using System.Net;
using Milter.Client;

namespace Quickstart.Demo;

/// <summary>The messages of the demo.</summary>
internal static class Letters
{
    public static IReadOnlyList<Letter> All =>
    [
        new(
            "outside.eml, from a client outside",
            From("203.0.113.7", "mail.shop.example"),
            Load("outside.eml", "orders@shop.example", "anna@example.net"),
            "the subject is tagged",
            outcome => outcome.IsDelivered && Letter.SubjectOf(outcome.Result) == "[EXTERNAL] Your order 4711 is on its way"),
        new(
            "listed-word.eml, with a listed word in its subject",
            From("198.51.100.66", "smtp.lucky.example"),
            Load("listed-word.eml", "win@lucky.example", "anna@example.net"),
            "it is refused",
            outcome => outcome is { Verdict: MilterVerdict.Reject, SmtpReply: { Code: 550, EnhancedCode: "5.7.1" }, Modifications.Count: 0 }),
        new(
            "logged-in.eml, from a client that has logged in as anna",
            From("198.51.100.9", "dyn-9.isp.example", login: "anna"),
            Load("logged-in.eml", "anna@example.net", "bert@example.net"),
            "the subject stays as it is",
            outcome => outcome.IsDelivered && Letter.SubjectOf(outcome.Result) == "Lunch at one?"),
    ];

    /// <summary>A message of the user's own, as if it came from outside. Whatever becomes of it is right.</summary>
    /// <exception cref="FormatException">The file does not begin with a header field.</exception>
    public static Letter Own(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        MailContent content = MailContent.Parse(file);
        if (content.Headers.Count == 0)
        {
            throw new FormatException($"{path} is no message: it has to begin with a header field, as in \"Subject: hello\", and its first line is \"{FirstLineOf(file)}\".");
        }

        return new Letter(
            $"{Path.GetFileName(path)}, as if from a client outside",
            From("203.0.113.7", "client.example"),
            Envelope(content, "sender@client.example", "anna@example.net"),
            "it is answered",
            _ => true);
    }

    private static SmtpSession From(string address, string hostName, string? login = null) => new(SmtpClientInfo.At(address, hostName, port: 40_125))
    {
        HeloName = hostName,
        Login = login is null ? null : new SmtpLogin(login),
        ServerName = "mx.example.net",
        ServerAddress = IPAddress.Parse("192.0.2.25"),
    };

    private static MailTransaction Load(string name, string sender, string recipient)
    {
        using Stream file = typeof(Letters).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} was not built in.");
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        MailTransaction message = Envelope(MailContent.Parse(bytes.ToArray()), sender, recipient);

        // The topmost Received is the MTA's own: filters don't see it.
        message.Received = message.Content.Headers[0];
        message.Content.Headers.RemoveAt(0);
        return message;
    }

    private static MailTransaction Envelope(MailContent content, string sender, string recipient) =>
        new() { Sender = sender, Content = content, QueueId = "4cXk2P6hRbz1", Recipients = { recipient } };

    private static string FirstLineOf(ReadOnlySpan<byte> file)
    {
        int end = file.IndexOfAny((byte)'\r', (byte)'\n');
        string line = Milter.Protocol.WireText.GetString(end < 0 ? file : file[..end]);
        return string.Concat(line.Take(60).Select(static c => char.IsControl(c) ? '?' : c)) + (line.Length > 60 ? "…" : "");
    }
}
