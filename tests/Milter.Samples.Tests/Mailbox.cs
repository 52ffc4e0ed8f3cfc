using System.Net;
using System.Text;
using Quickstart.Demo;

namespace Milter.Samples.Tests;

/// <summary>Makes letters from the few lines that a test is about.</summary>
internal static class Mailbox
{
    /// <summary>A message with this header besides From, and a short body.</summary>
    public static Letter Letter(string header, string? client = "203.0.113.7", string? login = null)
    {
        string text = $"From: someone@client.example\n{header}{(header.Length > 0 ? "\n" : "")}\nHello.\n";
        MailMessage message = MailMessage.Parse(Encoding.UTF8.GetBytes(text), "<someone@client.example>", "<anna@example.net>");
        return new Letter("test", message, client is null ? "localhost" : "client.example", client is null ? null : IPAddress.Parse(client)) { Login = login };
    }

    /// <summary>Sends a letter to a filter on the loopback interface, in a session of its own.</summary>
    public static async Task<Playback> PlayAsync(MilterEndPoint endPoint, Letter letter)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using FilterConnection connection = await FilterConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, endPoint.Port), patience.Token);
        return await new MtaSession(connection, letter, patience.Token).PlayAsync();
    }

    /// <summary>All values of a field as they would be delivered.</summary>
    public static string[] Values(this MailMessage message, string name) =>
        [.. message.Headers.Where(header => header.Is(name)).Select(header => header.Text)];
}
