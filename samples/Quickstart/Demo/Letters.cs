using System.Net;

namespace Quickstart.Demo;

/// <summary>The messages of the demo, and what is to become of them.</summary>
internal static class Letters
{
    /// <summary>A client that nothing is known of.</summary>
    public static readonly IPAddress Outside = IPAddress.Parse("203.0.113.7");

    public static IReadOnlyList<Scene> All =>
    [
        new(
            new Letter("outside.eml, from a client outside", Load("outside.eml", "<orders@shop.example>", "<anna@example.net>"), "mail.shop.example", Outside),
            "the subject is tagged",
            played => played.Fate == Fate.Delivered && played.After.Decoded("Subject") == "[EXTERNAL] Your order 4711 is on its way"),
        new(
            new Letter("listed-word.eml, with a listed word in its subject", Load("listed-word.eml", "<win@lucky.example>", "<anna@example.net>"), "smtp.lucky.example", IPAddress.Parse("198.51.100.66")),
            "it is refused",
            played => played.Fate == Fate.Rejected && played.SmtpReply.StartsWith("550 5.7.1 ", StringComparison.Ordinal) && played.Changes == 0),
        new(
            new Letter("logged-in.eml, from a client that has logged in as anna", Load("logged-in.eml", "<anna@example.net>", "<bert@example.net>"), "dyn-9.isp.example", IPAddress.Parse("198.51.100.9")) { Login = "anna" },
            "the subject stays as it is",
            played => played.Fate == Fate.Delivered && played.After.Decoded("Subject") == "Lunch at one?"),
    ];

    /// <summary>A message of the user's own, as if it came from outside. Whatever becomes of it is right.</summary>
    public static Scene Own(string path) => new(
        new Letter($"{Path.GetFileName(path)}, as if from a client outside", MailMessage.Parse(File.ReadAllBytes(path), "<sender@client.example>", "<anna@example.net>"), "client.example", Outside),
        "it is answered",
        _ => true);

    private static MailMessage Load(string name, string sender, string recipient)
    {
        using Stream file = typeof(Letters).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} was not built in.");
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        MailMessage message = MailMessage.Parse(bytes.ToArray(), sender, recipient);

        // The topmost Received is the demo MTA's own.
        message.Headers[0] = message.Headers[0] with { IsOwn = true };
        return message;
    }

    /// <summary>A message, and what is to become of it.</summary>
    /// <param name="Letter">The message.</param>
    /// <param name="Expected">What is to become of it, in words.</param>
    /// <param name="IsMet">Whether it did.</param>
    internal sealed record Scene(Letter Letter, string Expected, Func<Playback, bool> IsMet);
}
