using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>Filters that others have written, on three libraries: what they ask for arrives, in the ways of both MTAs.</summary>
public sealed class PeerTests : IDisposable
{
    private const string Cc = "/usr/bin/cc";
    private const string Python = "/usr/bin/python3";

    private readonly string _folder = Directory.CreateTempSubdirectory("peer-").FullName;

    public static TheoryData<string> Mtas => new("Postfix", "Sendmail");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Mtas))]
    public async Task The_probe_on_libmilter(string mta)
    {
        await using Peer peer = await StartTwinAsync();
        MailTransaction message = Mail.Message(
            """
            Subject: old
            X-Probe-Do: insert 0 X-Top first
            X-Probe-Do: add X-End last
            X-Probe-Do: change Subject 1 new
            X-Probe-Do: addrcpt <c@example.test>
            X-Probe-Do: delrcpt <b@example.test>
            X-Probe-Do: chgfrom <new@example.test>
            X-Probe-Do: body changed
            X-Probe-Do: progress
            X-Probe-Do: quarantine why not
            X-Probe-Do: macro i
            X-Probe-Do: echo

            body

            """,
            "b@example.test",
            "reject@rcpt.probe.test");

        MilterOutcome outcome = await SendAsync(peer, mta, message);

        MailTransaction result = outcome.Result;
        Assert.Equal(MilterVerdict.Continue, outcome.Verdict);
        Assert.Equal("X-Top: first", result.Content.Headers[0].ToString());
        Assert.Equal("new", result.Content["Subject"]);
        Assert.Equal("last", result.Content["X-End"]);
        Assert.Equal(["<c@example.test>"], result.Recipients.Select(path => path.ToString()));
        Assert.Equal("<new@example.test>", result.Sender.ToString());
        Assert.Equal("changed\r\n", WireText.GetString(result.Content.Body.Span));
        Assert.Equal("why not", outcome.QuarantineReason);
        Assert.Equal("reject@rcpt.probe.test", Assert.Single(outcome.RefusedRecipients).Path.Address);
        Assert.Equal(1, outcome.Steps[^1].ProgressNotices);
        Assert.Equal("i=Q1", result.Content["X-Probe-Macro"]);
        Assert.StartsWith("host=client.example.test family=inet addr=192.0.2.7 port=43826 helo=client.example.test from=<a@example.test>", result.Content["X-Probe-Seen"], StringComparison.Ordinal);
        Assert.Empty(outcome.Complaints);
    }

    [SkippableFact]
    public async Task Every_stage_of_the_probe_can_refuse()
    {
        await using Peer peer = await StartTwinAsync();
        foreach ((string header, MilterCommand at) in new[]
        {
            ("header=reply:550:5.7.1:no_thanks", MilterCommand.Header),
            ("eoh=reply:550:5.7.1:no_thanks", MilterCommand.EndOfHeaders),
            ("body=reply:550:5.7.1:no_thanks", MilterCommand.Body),
            ("eom=reply:550:5.7.1:no_thanks", MilterCommand.EndOfMessage),
        })
        {
            MilterOutcome outcome = await SendAsync(peer, "Postfix", Mail.Message($"X-Probe-Verdict: {header}\n\nbody\n"));
            Assert.Equal((MilterVerdict.Reject, at, "550 5.7.1 no thanks"), (outcome.Verdict, outcome.DecidedAt, outcome.SmtpReply.ToString()));
        }
    }

    [SkippableFact]
    public async Task Libmilter_takes_another_session_on_the_same_connection()
    {
        await using Peer peer = await StartTwinAsync();
        int negotiations = 0;
        var options = new MilterClientOptions { Trace = (fromFilter, code, _) => negotiations += fromFilter && code == 'O' ? 1 : 0 };
        await using var client = new MilterClient(peer.EndPoint, options, keepConnections: 1);

        for (int i = 0; i < 3; i++)
        {
            MilterOutcome outcome = await client.FilterAsync(Mail.Session($"192.0.2.{i}"), Mail.Message("X-Probe-Do: echo\n\nbody\n"));
            Assert.Contains($"addr=192.0.2.{i} ", outcome.Result.Content["X-Probe-Seen"], StringComparison.Ordinal);
        }

        Assert.Equal(1, negotiations);
    }

    [SkippableTheory]
    [MemberData(nameof(Mtas))]
    public async Task OpenDKIM_signs(string mta)
    {
        Peer.Demand("/usr/sbin/opendkim", "/usr/sbin/opendkim-genkey");
        await Peer.RunAsync("/usr/sbin/opendkim-genkey", "-D", _folder, "-d", "example.test", "-s", "sel", "-b", "1024");
        string socket = Path.Combine(_folder, "dkim.sock");
        string configuration = Path.Combine(_folder, "opendkim.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            Socket local:{socket}
            Domain example.test
            Selector sel
            KeyFile {Path.Combine(_folder, "sel.private")}
            RequireSafeKeys no
            Mode s
            Syslog no
            Background no
            InternalHosts 192.0.2.7

            """);
        await using Peer peer = await Peer.StartAsync(socket, "/usr/sbin/opendkim", "-f", "-x", configuration);
        MailTransaction message = Mail.Message("From: a@example.test\nTo: b@example.test\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nMessage-ID: <1@example.test>\nSubject: a\n b\n\nbody\n");

        MilterOutcome outcome = await SendAsync(peer, mta, message);

        Assert.True(outcome.IsDelivered, outcome.ToString());
        string signature = outcome.Result.Content["DKIM-Signature"]!;
        Assert.Contains("d=example.test; s=sel;", signature, StringComparison.Ordinal);
        Assert.Equal("DKIM-Signature", outcome.Result.Content.Headers[0].Name);
        Assert.Empty(outcome.Complaints);
    }

    [SkippableTheory]
    [MemberData(nameof(Mtas))]
    public async Task A_filter_on_pymilter(string mta)
    {
        Peer.Demand(Python, "/usr/lib/python3/dist-packages/Milter/__init__.py");
        string socket = Path.Combine(_folder, "py.sock");
        await using Peer peer = await Peer.StartAsync(socket, Python, Path.Combine(AppContext.BaseDirectory, "Peers", "tagger.py"), "unix:" + socket);

        MilterOutcome outcome = await SendAsync(peer, mta, Mail.Message("Subject: please replace\n\nbody\n", "b@example.test", "nobody@example.test"));

        Assert.True(outcome.IsDelivered, outcome.ToString());
        Assert.Equal("client.example.test <a@example.test> Q1", outcome.Result.Content["X-Python"]);
        Assert.Equal("from python\r\n", WireText.GetString(outcome.Result.Content.Body.Span));
        Assert.Equal("550 5.1.1 Not here", Assert.Single(outcome.RefusedRecipients).Reply.ToString().Replace("<nobody@example.test>... ", "", StringComparison.Ordinal));
    }

    private async Task<Peer> StartTwinAsync()
    {
        Peer.Demand(Cc, "/usr/include/libmilter/mfapi.h");
        string program = Path.Combine(_folder, "twin");
        await Peer.RunAsync(Cc, "-O1", "-o", program, Path.Combine(AppContext.BaseDirectory, "Peers", "probe.c"), "-lmilter", "-lpthread");
        string socket = Path.Combine(_folder, "twin.sock");
        return await Peer.StartAsync(socket, program, "--listen", "unix:" + socket);
    }

    private static async Task<MilterOutcome> SendAsync(Peer peer, string mta, MailTransaction message)
    {
        await using var client = new MilterClient(peer.EndPoint, new MilterClientOptions { Personality = ConversationTests.Named(mta) });
        return await client.FilterAsync(Mail.Session(), message);
    }
}
