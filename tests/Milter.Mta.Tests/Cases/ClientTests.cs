using System.Text;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects what a filter knows of the sender: by SMTP, encrypted, from outside, or from a program on the machine.</summary>
[Collection(CaseCollection.Name)]
public sealed class ClientTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    // HELO comes twice: what was said in the clear counts no more.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task After_STARTTLS_the_filter_sees_HELO_again_and_the_cipher(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new ClientFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.StartTlsAsync(run.Server.Certificate!);
        await session.EhloAsync("secret.example.org");
        await session.SendAsync(From, [$"<{to}>"], Mail.Message());

        await run.DeliveredAsync(to);
        string host = kind == MtaKind.Postfix ? "[127.0.0.1]" : "localhost";
        Assert.Equal(
        [
            "helo client.example.org tls=False",
            "helo secret.example.org tls=True",
            $"client host={host} address=127.0.0.1 local=True helo=secret.example.org tls=TLSv1.3 bits=256 auth=",
            $"envelope from=sender@example.org null=False utf8=False to={to} domain=example.com",
        ],
        journal.Entries);
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_null_sender_is_null(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new ClientFilter(journal));
        string to = Mail.NewAddress();

        SinkMessage message = await run.PassAsync(Mail.Message(body: ""), to, from: "<>");

        Assert.Equal("", message.From.Address);
        Assert.Equal("", message.Body);
        Assert.Equal($"envelope from= null=True utf8=False to={to} domain=example.com", journal.Entries[^1]);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Mail_of_the_sendmail_command_is_local(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new ClientFilter(journal));
        string to = Mail.NewAddress();

        (await run.Server.SubmitAsync("local@example.org", [to], "From: local@example.org\nSubject: s\n\nbody\n")).Succeeded();

        SinkMessage message = await run.DeliveredAsync(to);
        Assert.Equal(["=?utf-8?Q?Gr=C3=BC=C3=9Fe?="], message.HeaderValues("X-Seen"));
        string[] client = [.. journal.Entries.Where(entry => entry.StartsWith("client", StringComparison.Ordinal))];
        Assert.Contains(" address=127.0.0.1 local=True ", client.Single(), StringComparison.Ordinal);
        Assert.StartsWith("client host=localhost ", client.Single(), StringComparison.Ordinal);
        Assert.Contains($"envelope from=local@example.org null=False utf8=False to={to} domain=example.com", journal.Entries);
        Assert.Empty(run.Log.Complaints);
    }

    // Rule: in Postfix's non-SMTP sessions verdicts on recipients wait until EOM: at RCPT they would leave the mail in the queue.
    [SkippableFact]
    public async Task A_recipient_that_the_filter_refuses_makes_Postfix_return_local_mail()
    {
        await using FilterRun run = await fixture.RunAsync(MtaKind.Postfix, () => new ClientFilter(new Journal()));
        string sender = Mail.NewAddress("local"), to = Mail.NewAddress("no");

        (await run.Server.SubmitAsync(sender, [to], "Subject: s\n\nbody\n")).Succeeded();

        SinkMessage bounce = await run.DeliveredAsync(sender);
        Assert.Equal("", bounce.From.Address);
        Assert.Contains("Not here", bounce.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(to));
        Assert.Empty(run.Log.Complaints);
    }

    // It has logged in, too: facts of the session are known at EOM, where Postfix sends their macros no more.
    [SkippableFact]
    public async Task A_client_from_outside_is_not_local()
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(MtaKind.Postfix, () => new ClientFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        SmtpReply greeting = await session.XclientAsync("ADDR=203.0.113.9 NAME=mail.example.org LOGIN=alice");
        await session.EhloAsync("outside.example.org");
        await session.SendAsync(From, [$"<{to}>"], Mail.Message());

        Assert.Equal(220, greeting.Code);
        await run.DeliveredAsync(to);
        Assert.Contains(
            "client host=mail.example.org address=203.0.113.9 local=False helo=outside.example.org tls= bits= auth=alice", journal.Entries);
        Assert.Empty(run.Log.Complaints);
    }

    // Debian's Sendmail is built without SMTPUTF8.
    [SkippableFact]
    public async Task Addresses_and_fields_may_be_in_UTF8()
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(MtaKind.Postfix, () => new ClientFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress("żółw", "bücher.example.com");

        SmtpReply reply = await session.SendAsync("<jürgen@example.org> SMTPUTF8", [$"<{to}>"], Encoding.UTF8.GetBytes(Mail.Message("Subject: ż\r\n")));

        Assert.Equal(250, reply.Code);
        SinkMessage message = await run.DeliveredAsync(to);
        Assert.Equal($"envelope from=jürgen@example.org null=False utf8=True to={to} domain=bücher.example.com", journal.Entries[^1]);

        // Nothing is encoded in such a message.
        Assert.Equal("Grüße", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(message.HeaderValues("X-Seen").Single())));
    }

    // Sendmail serves a program on its standard input: it tells no address.
    [SkippableFact]
    public async Task A_program_that_speaks_SMTP_to_Sendmail_is_local()
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(MtaKind.Sendmail, () => new ClientFilter(journal));
        string to = Mail.NewAddress();

        CommandResult result = await ((SendmailServer)run.Server).ConverseAsync(
            "EHLO program", $"MAIL FROM:{From}", $"RCPT TO:<{to}>", "DATA", $"{Mail.Message()}.", "QUIT");

        Assert.Contains("250 2.0.0", result.Succeeded().Text, StringComparison.Ordinal);
        await run.DeliveredAsync(to);
        Assert.Contains("client host=localhost address= local=True helo=program tls= bits= auth=", journal.Entries);
        Assert.Empty(run.Log.Complaints);
    }

    // To a filter BDAT is DATA.
    [SkippableFact]
    public async Task A_message_in_pieces_is_one_message()
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(MtaKind.Postfix, () => new StepFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress(), message = Mail.Message("X-A: a\r\n", ".body\r\n");

        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.CommandAsync($"RCPT TO:<{to}>", 250);
        await session.SendRawAsync(Mail.Bytes($"BDAT 10\r\n{message[..10]}"));
        SmtpReply first = await session.ReadReplyAsync();
        await session.SendRawAsync(Mail.Bytes($"BDAT {message.Length - 10} LAST\r\n{message[10..]}"));
        SmtpReply last = await session.ReadReplyAsync();

        Assert.Equal([250, 250], [first.Code, last.Code]);
        Assert.Equal(".body\r\n", (await run.DeliveredAsync(to)).Body);
        Assert.Equal(["data", "header X-A=a", "eoh", "body 7", "eom"], journal.Entries.SkipWhile(entry => entry != "data"));
    }
}
