using Milter.Client;

namespace Milter.Samples.Tests;

/// <summary>A message and the client that brings it.</summary>
internal sealed record Letter(SmtpSession Session, MailTransaction Message);

/// <summary>Makes letters from the few lines that a test is about.</summary>
internal static class Mailbox
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>A message with this header besides From, and a short body.</summary>
    public static Letter Letter(string header, string? client = "203.0.113.7", string? login = null)
    {
        SmtpClientInfo info = client is null ? new SmtpClientInfo { HostName = "localhost" } : SmtpClientInfo.At(client, "client.example");
        var session = new SmtpSession(info) { HeloName = "client.example", ServerName = "mx.example.net", Login = login is null ? null : new SmtpLogin(login) };
        var message = new MailTransaction
        {
            Sender = "someone@client.example",
            Recipients = { "anna@example.net" },
            Content = MailContent.Parse($"From: someone@client.example\n{header}{(header.Length > 0 ? "\n" : "")}\nHello.\n"),
        };
        return new Letter(session, message);
    }

    /// <summary>Sends a letter to a filter as Postfix does, in a session of its own.</summary>
    public static async Task<MilterOutcome> PlayAsync(MilterEndPoint endPoint, Letter letter)
    {
        await using var client = new MilterClient(endPoint.ToString(), new MilterClientOptions { Timeouts = new MilterTimeouts(s_patience, s_patience, s_patience, s_patience) });
        return await client.FilterAsync(letter.Session, letter.Message);
    }

    /// <summary>All values of a field, everything after the colon.</summary>
    public static string[] Values(this MailTransaction message, string name) =>
        [.. message.Content.Headers.Where(header => header.Is(name)).Select(header => header.RawValue)];
}
