using MailKit.Net.Smtp;
using MimeKit;
using Samples.SmtpServerHost;

namespace Milter.Client.Tests;

/// <summary>The sample: a mail server of the library SmtpServer that asks a filter, as MailKit sees it.</summary>
public sealed class SmtpServerHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smtp-host-").FullName;
    private readonly List<MailTransaction> _delivered = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Mail_goes_through_the_filter()
    {
        await using MilterServer filter = await MilterServer.StartAsync<Labelling>("inet:0@127.0.0.1");
        await using FilteredServer server = await StartAsync(filter.EndPoint.ToString());
        using SmtpClient client = await ConnectAsync(server);

        await client.SendAsync(Message("hi", "a line\r\n.a dot\r\n"), MailboxAddress.Parse("a@example.test"), [MailboxAddress.Parse("b@example.test"), MailboxAddress.Parse("c@example.test")]);

        MailTransaction message = Assert.Single(_delivered);
        Assert.Equal(["b@example.test", "c@example.test"], message.Recipients.Select(static one => one.Address));
        Assert.Equal("a line\r\n.a dot\r\n", System.Text.Encoding.ASCII.GetString(message.Content.Body.Span));
        Assert.Equal(["X-Label", "Received", "From", "Subject"], message.Content.Headers.Select(static header => header.Name).Take(4));
        Assert.StartsWith("16 bytes 0", message.Content["X-Label"], StringComparison.Ordinal);
    }

    /// <summary>SmtpServer has replies of one line, and ends a session with the fifth refusal.</summary>
    [Fact]
    public async Task A_refusal_is_said_in_all_of_the_filters_lines_and_as_often_as_it_is_given()
    {
        await using MilterServer filter = await MilterServer.StartAsync<Labelling>("inet:0@127.0.0.1");
        await using FilteredServer server = await StartAsync(filter.EndPoint.ToString());
        using SmtpClient client = await ConnectAsync(server);

        for (int i = 0; i < 7; i++)
        {
            SmtpCommandException refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Message("hi", "x"), MailboxAddress.Parse("spam@example.test"), [MailboxAddress.Parse("b@example.test")]));
            Assert.Equal(550, (int)refusal.StatusCode);
            Assert.StartsWith("5.7.1 No spam\n5.7.1 100% sure", refusal.Message.Replace("\r\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        await client.SendAsync(Message("hi", "x"), MailboxAddress.Parse("a@example.test"), [MailboxAddress.Parse("b@example.test")]);
        Assert.Single(_delivered);
    }

    /// <summary>SmtpServer takes quotes and the last line end away; both are part of the mail.</summary>
    [Fact]
    public async Task What_the_server_takes_away_is_put_back()
    {
        await using MilterServer filter = await MilterServer.StartAsync<Labelling>("inet:0@127.0.0.1");
        await using FilteredServer server = await StartAsync(filter.EndPoint.ToString());

        string[] replies = await TalkAsync(
            server.Port, "EHLO me", "MAIL FROM:<\"a \\\"b\"@example.test> SIZE=30", "RCPT TO:<\"c,d\"@example.test>", "DATA", "Subject: hi\r\n\r\nbody\r\n.", "MAIL FROM:<a@example.test>", "RSET", "MAIL FROM:<>", "RCPT TO:<b@example.test>", "DATA", "Subject: no body\r\n.", "QUIT");

        Assert.All(replies, static reply => Assert.Matches("^[23]", reply));
        Assert.Equal(["\"a \\\"b\"@example.test", ""], _delivered.Select(static one => one.Sender.Address));
        Assert.Equal(["SIZE=30"], _delivered[0].Sender.Arguments);
        Assert.Equal("<\"c,d\"@example.test>", _delivered[0].Recipients.Single().ToString());
        Assert.Equal(["body\r\n", ""], _delivered.Select(static one => System.Text.Encoding.ASCII.GetString(one.Content.Body.Span)));
    }

    [Fact]
    public async Task Without_a_filter_mail_has_to_wait()
    {
        await using FilteredServer server = await StartAsync("unix:/nonexistent/filter.sock");
        using SmtpClient client = await ConnectAsync(server);

        SmtpCommandException refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Message("hi", "x"), MailboxAddress.Parse("a@example.test"), [MailboxAddress.Parse("b@example.test")]));

        Assert.Equal(451, (int)refusal.StatusCode);
        Assert.StartsWith("4.7.1 Service unavailable - try again later", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>One OpenDKIM signs what comes in by one server; another finds the signature good at the next.</summary>
    [SkippableFact]
    public async Task OpenDKIM_signs_and_another_finds_the_signature_good()
    {
        Peer.Demand("/usr/sbin/opendkim", "/usr/sbin/opendkim-genkey");
        await Peer.RunAsync("/usr/sbin/opendkim-genkey", "-D", _folder, "-d", "example.test", "-s", "sel", "-b", "2048");
        string record = string.Concat(File.ReadAllText(Path.Combine(_folder, "sel.txt")).Split('"').Where(static (_, i) => i % 2 == 1));
        string keys = Path.Combine(_folder, "keys");
        File.WriteAllText(keys, $"sel._domainkey.example.test {record}\n");
        await using Peer signer = await OpenDkimAsync("signer", "Mode s", "Domain example.test", "Selector sel", $"KeyFile {Path.Combine(_folder, "sel.private")}", "InternalHosts 0.0.0.0/0");
        await using Peer verifier = await OpenDkimAsync("verifier", "Mode v", $"TestDNSData {keys}", "AuthservID mx.example.test", "AlwaysAddARHeader yes");
        await using FilteredServer outgoing = await StartAsync(signer.EndPoint);
        await using FilteredServer incoming = await StartAsync(verifier.EndPoint);

        using (SmtpClient client = await ConnectAsync(outgoing))
        {
            await client.SendAsync(Message("signed", "a line\r\n\r\nanother, without an end"), MailboxAddress.Parse("a@example.test"), [MailboxAddress.Parse("b@example.test")]);
        }

        MailTransaction signed = Assert.Single(_delivered);
        Assert.Contains("d=example.test", signed.Content["DKIM-Signature"], StringComparison.Ordinal);
        using (SmtpClient client = await ConnectAsync(incoming))
        {
            using var stream = new MemoryStream(signed.Content.ToBytes());
            await client.SendAsync(await MimeMessage.LoadAsync(stream), MailboxAddress.Parse("a@example.test"), [MailboxAddress.Parse("b@example.test")]);
        }

        Assert.Contains("dkim=pass", _delivered[1].Content["Authentication-Results"], StringComparison.Ordinal);
    }

    private static MimeMessage Message(string subject, string body)
    {
        using var stream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes($"From: a@example.test\r\nSubject: {subject}\r\nMessage-Id: <1@example.test>\r\nDate: Sat, 28 Nov 2026 12:00:00 +0000\r\n\r\n{body}"));
        return MimeMessage.Load(stream);
    }

    private static async Task<SmtpClient> ConnectAsync(FilteredServer server)
    {
        var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", server.Port, MailKit.Security.SecureSocketOptions.None);
        return client;
    }

    // Says a line when the reply to the one before is complete; gives the first line of each reply.
    private static async Task<string[]> TalkAsync(int port, params string[] lines)
    {
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", port);
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

    private Task<FilteredServer> StartAsync(string filter) => FilteredServer.StartAsync(0, filter, _delivered.Add);

    private async Task<Peer> OpenDkimAsync(string name, params string[] settings)
    {
        string socket = Path.Combine(_folder, name + ".sock"), configuration = Path.Combine(_folder, name + ".conf");
        File.WriteAllLines(configuration, [.. settings, $"Socket local:{socket}", "Syslog no", "Canonicalization simple/simple", "RequireSafeKeys no", "UMask 000"]);
        return await Peer.StartAsync(socket, "/usr/sbin/opendkim", "-f", "-x", configuration);
    }
}
