using System.Text.Json;

namespace Milter.Tool.Tests;

public sealed class SendTests : IAsyncLifetime
{
    private const string Letter = "From: Joe <joe@elsewhere.test>\nTo: ann@example.test, bob@example.test\nSubject: Hello\n\nHello Ann\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("send-").FullName;
    private MilterServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await MilterServer.StartAsync<Deciding>($"unix:{_folder}/milter.sock");
        await File.WriteAllTextAsync(Path.Combine(_folder, "letter.eml"), Letter);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_stages_and_the_difference_are_shown()
    {
        Ran ran = (await SendAsync("--login", "joe", Path.Combine(_folder, "letter.eml"))).Expect(0);
        Assert.Equal(
            """
            letter.eml <joe@elsewhere.test> to <ann@example.test>, <bob@example.test>, as Postfix
            ├── negotiated version 6 (… ms)
            │   ├── actions  ADDHDRS CHGHDRS SETSYMLIST
            │   ├── not sent CONNECT HELO DATA EOH BODY UNKNOWN
            │   ├── no reply HEADER
            │   ├── macros   CONNECT: j _ v {daemon_name} {daemon_addr} {if_name} {if_addr} {client_port}
            │   └── macros   MAIL: i {auth_type} {auth_authen} {auth_author} {auth_ssf} {mail_addr} {mail_host} {mail_mailer}
            ├── MAIL        <joe@elsewhere.test>                 CONTINUE … ms
            ├── RCPT ×2     <ann@example.test>                   CONTINUE … ms
            ├── HEADER ×3                                        no reply
            └── EOM                                              ACCEPT … ms
                └── change header 1 Subject: [joe 43826] Hello
            The MTA waited 4 times (MAIL, RCPT ×2, EOM): … ms.
            The client is told: 250 2.0.0 Ok: queued

            --- as it came
            +++ as it is delivered
            @@ -6,7 +6,7 @@
             \tThu, 1 Jan 2026 00:00:00 +0000
             From: Joe <joe@elsewhere.test>
             To: ann@example.test, bob@example.test
            -Subject: Hello
            +Subject: [joe 43826] Hello

             Hello Ann


            """.Replace("\\t", "\t", StringComparison.Ordinal),
            ran.Masked);
    }

    [Theory]
    [InlineData("joe@example.test", 0, "Subject: [- 43826] Hello")]
    [InlineData("refused@example.test", 1, "The client is told: 550 5.7.1 No, thank you\nNothing is delivered.")]
    [InlineData("later@example.test", 75, "451 4.7.1 Come again")]
    [InlineData("dropped@example.test", 2, "The message is dropped.")]
    public async Task The_exit_code_is_the_verdict(string from, int code, string told)
    {
        Ran ran = (await Tool.RunAsync(Letter, ["send", EndPoint, "--from", from])).Expect(code);
        Assert.Contains(told, ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_it_all()
    {
        Ran ran = (await Tool.RunAsync(Letter, ["send", EndPoint, "--json", "--to", "ann@example.test", "--to", "nobody@example.test", "--mta", "sendmail"])).Expect(0);
        JsonElement json = JsonDocument.Parse(ran.Output).RootElement;
        Assert.Equal("ACCEPT", json.GetProperty("verdict").GetString());
        Assert.Equal("CHGHEADER", json.GetProperty("modifications")[0].GetProperty("action").GetString());
        Assert.Contains("Not here", json.GetProperty("refusedRecipients")[0].GetProperty("reply").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, json.GetProperty("waits").GetInt32());
    }

    [Fact]
    public async Task Mailboxes_and_folders_are_many_messages()
    {
        string box = $"From refused@example.test Thu Jan  1 00:00:00 2026\n{Letter}\nFrom MAILER-DAEMON Thu Jan  1 00:00:00 2026\n{Letter}>From me\n\n";
        await File.WriteAllTextAsync(Path.Combine(_folder, "inbox"), box);
        Directory.CreateDirectory(Path.Combine(_folder, "cur"));
        File.Copy(Path.Combine(_folder, "letter.eml"), Path.Combine(_folder, "cur", "1:2,S"));

        Ran ran = (await SendAsync("--brief", Path.Combine(_folder, "inbox"), Path.Combine(_folder, "cur"))).Expect(1);

        Assert.Equal(
            """
            REJECT   MAIL      … ms  inbox #1: 550 5.7.1 No, thank you
            ACCEPT   EOM      … ms  inbox #2: 250 2.0.0 Ok: queued, 1 change
            ACCEPT   EOM      … ms  1:2,S: 250 2.0.0 Ok: queued, 1 change

            3 messages: 2 passed, 1 refused, 0 refused for now, 0 dropped.

            """,
            System.Text.RegularExpressions.Regex.Replace(ran.Masked, " +… ms", "      … ms"));
    }

    [Fact]
    public async Task An_old_MTA_is_offered()
    {
        Ran ran = (await Tool.RunAsync(Letter, ["send", EndPoint, "--offer", "2,0x3f,0x7f"])).Expect(0);
        Assert.Contains("negotiated version 2", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", "2,0x1ff")]
    [InlineData("3", "3,0x1ff")]
    [InlineData("4", "4,0x1ff")]
    [InlineData("6", "6,0x1ff")]
    [InlineData("2,0x3f,0x7f", "2,0x3f,0x7f")]
    public void What_is_offered_by_a_version_is_what_Postfix_offers(string text, string offer) => Assert.Equal(offer, Offer.Parse(text).ToString());

    [Fact]
    public async Task A_filter_of_version_2_is_said_not_to_be_sent_what_its_version_does_not_have()
    {
        Ran ran = (await Tool.RunAsync(Letter, ["send", EndPoint, "--offer", "2"])).Expect(0);
        Assert.Contains("DATA, UNKNOWN: version 2 does not have it", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_moves_a_cursor_is_not_written()
    {
        Ran ran = (await Tool.RunAsync("From: a@b.test\nSubject: \u001b[2Jevil\n\nx\n", ["send", EndPoint])).Expect(0);
        Assert.DoesNotContain('\u001b', ran.Output);
        Assert.Contains("\\x1b[2Jevil", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "\"localhost:8891\" is no endpoint: it has no scheme; write inet:localhost:8891.", "send", "localhost:8891")]
    [InlineData(64, "is no offer", "send", "unix:/x", "--offer", "7")]
    [InlineData(64, "is no client", "send", "unix:/x", "--client", "somebody")]
    [InlineData(64, "is no macro", "send", "unix:/x", "--macro", "auth")]
    [InlineData(64, "no message: name files", "send", "unix:/x")]
    [InlineData(64, "milter --help", "sned")]
    [InlineData(66, "is not there", "send", "unix:/x", "/nowhere.eml")]
    [InlineData(69, "Is the filter running", "send", "unix:/nowhere.sock", "-")]
    public async Task Errors_say_what_to_do(int code, string text, params string[] args)
    {
        Ran ran = (await Tool.RunAsync(args)).Expect(code);
        Assert.Contains(text, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send")]
    [InlineData("run")]
    [InlineData("explain")]
    [InlineData("trace")]
    [InlineData("replay")]
    [InlineData("check")]
    [InlineData("bench")]
    public async Task Help_has_examples(string command)
    {
        Ran ran = (await Tool.RunAsync(command, "--help")).Expect(0);
        Assert.Contains($"Examples:\n  milter {command} ", ran.Output, StringComparison.Ordinal);
    }

    private string EndPoint => _server.EndPoint.ToString();

    private Task<Ran> SendAsync(params string[] args) => Tool.RunAsync(["send", EndPoint, .. args]);
}
