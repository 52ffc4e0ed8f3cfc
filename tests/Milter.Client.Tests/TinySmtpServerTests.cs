using System.Net.Sockets;
using TinySmtpServer;

namespace Milter.Client.Tests;

/// <summary>The sample: an SMTP server that asks a filter, as a client sees it.</summary>
public class TinySmtpServerTests
{
    [Fact]
    public async Task Mail_goes_through_the_filter()
    {
        await using MilterServer filter = await MilterServer.StartAsync<Labelling>("inet:0@127.0.0.1");
        var delivered = new List<MailTransaction>();
        await using TinyServer server = TinyServer.Start(0, filter.EndPoint.ToString(), delivered.Add);

        string[] replies = await TalkAsync(
            server.Port, "EHLO me", "MAIL FROM:<spam@example.test>", "MAIL FROM:<a@example.test>", "RCPT TO:<b@example.test>", "DATA",
            "Subject: hi\r\n\r\n..dot\r\n.", "RSET", "FOO", "QUIT");

        Assert.Equal(["220", "250", "550-5.7.1 No spam", "250", "250", "354", "250", "250", "500", "221"], replies.Select(reply => reply.StartsWith("550", StringComparison.Ordinal) ? reply : reply[..3]));
        MailTransaction message = Assert.Single(delivered);
        Assert.StartsWith("6 bytes 0", message.Content["X-Label"], StringComparison.Ordinal);
        Assert.Equal(["X-Label", "Received", "Subject"], message.Content.Headers.Select(header => header.Name));
    }

    [Fact]
    public async Task Without_a_filter_mail_has_to_wait()
    {
        await using TinyServer server = TinyServer.Start(0, "unix:/nonexistent/filter.sock", _ => { });

        Assert.Equal("421 4.7.1 Service unavailable - try again later", (await TalkAsync(server.Port))[0]);
    }

    // Says a line when the reply to the one before is complete; gives the first line of each reply.
    private static async Task<string[]> TalkAsync(int port, params string[] lines)
    {
        using var client = new TcpClient("127.0.0.1", port);
        using var reader = new StreamReader(client.GetStream());
        var replies = new List<string>();
        foreach (string? line in lines.Prepend(null))
        {
            if (line is not null)
            {
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(line + "\r\n"));
            }

            string first = (await reader.ReadLineAsync())!;
            replies.Add(first);
            for (string reply = first; reply[3] == '-';)
            {
                reply = (await reader.ReadLineAsync())!;
            }
        }

        return [.. replies];
    }
}
