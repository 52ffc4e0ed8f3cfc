using global::Samples.Archive;
using global::Samples.Greylist;
using global::Samples.Logging;
using global::Samples.SenderPolicy;
using Milter.Testing;

namespace Milter.Policy.Tests;

/// <summary>The samples' filters, tested as a user would.</summary>
public sealed class SampleTests
{
    private static TestClient Outside => TestClient.At("203.0.113.7", "mail.example.org");

    private static TestMessage Message => TestMessage.From("joe@example.org").To("ann@example.net").Subject("Hello").Body("Hi\r\n");

    [Fact]
    public async Task Greylist_puts_off_who_is_new_and_lets_pass_who_comes_back()
    {
        await using var host = new SampleHost<Greylister>(services => services.AddGreylistFilter(), ("Policy:Store", "memory"));

        (await host.SendAsync(Message, Outside)).AssertTempFailed(451, "4.7.1", "Greylisted, try again in 300 seconds");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        (await host.SendAsync(Message, Outside)).AssertPassed().AssertUnchanged();
    }

    [Fact]
    public async Task Greylist_asks_neither_who_has_logged_in_nor_this_machine()
    {
        await using var host = new SampleHost<Greylister>(services => services.AddGreylistFilter(), ("Policy:Store", "memory"));

        (await host.SendAsync(Message, Outside.Login("ann"))).AssertPassed();
        (await host.SendAsync(Message, TestClient.Local())).AssertPassed();
    }

    [Fact]
    public async Task Greylist_puts_off_those_recipients_alone_to_whom_the_sender_is_new()
    {
        await using var host = new SampleHost<Greylister>(services => services.AddGreylistFilter(), ("Policy:Store", "memory"));
        await host.SendAsync(Message, Outside);
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        (await host.SendAsync(Message.To("bob@example.net"), Outside)).AssertPassed().AssertRecipients("ann@example.net");
    }

    private static SampleHost<SenderGuard> Guard(params (string, string)[] settings) => new(
        services => services.AddSenderPolicyFilter(), [("Policy:Store", "memory"), ("SenderPolicy:OurDomains:0", "example.net"), ("SenderPolicy:OurNetworks:0", "192.168.0.0/16"), .. settings]);

    [Fact]
    public async Task SenderPolicy_refuses_senders_of_ours_from_strangers()
    {
        await using SampleHost<SenderGuard> host = Guard();
        TestMessage ours = TestMessage.From("Ann@Example.NET").To("joe@example.org");

        (await host.SendAsync(ours, Outside)).AssertRejected(550, "5.7.1", "Senders of this domain have to log in");
        (await host.SendAsync(ours, Outside.Login("ann"))).AssertPassed();
        (await host.SendAsync(ours, TestClient.At("192.168.3.4", "printer.example.net"))).AssertPassed();
        (await host.SendAsync(Message, Outside)).AssertPassed();
        (await host.SendAsync(TestMessage.From("<>").To("ann@example.net"), Outside)).AssertPassed();
    }

    [Fact]
    public async Task SenderPolicy_limits_recipients_a_message_and_keeps_inside_and_outside_apart()
    {
        await using SampleHost<SenderGuard> host = Guard(("SenderPolicy:MaxRecipients", "2"), ("SenderPolicy:AllowMixedRecipients", "false"));

        (await host.SendAsync(Message.To("bob@example.net").To("eve@example.net"), Outside)).AssertPassed().AssertRecipients("ann@example.net", "bob@example.net");
        (await host.SendAsync(TestMessage.From("ann@example.net").To("bob@example.net").To("joe@example.org"), Outside.Login("ann"))).AssertPassed().AssertRecipients("bob@example.net");
        (await host.SendAsync(TestMessage.From("ann@example.net").To("joe@example.org").To("jim@example.com"), Outside.Login("ann"))).AssertPassed().AssertRecipients("joe@example.org", "jim@example.com");
    }

    [Fact]
    public async Task SenderPolicy_limits_what_a_login_sends_and_lets_it_send_again_later()
    {
        await using SampleHost<SenderGuard> host = Guard(
            ("Policy:Limits:Rules:0:Per", "Login"), ("Policy:Limits:Rules:0:Of", "Recipients"), ("Policy:Limits:Rules:0:PermitLimit", "2"), ("Policy:Limits:Rules:0:Window", "01:00:00"));
        TestMessage ours = TestMessage.From("ann@example.net").To("joe@example.org");

        (await host.SendAsync(ours, Outside.Login("ann"))).AssertPassed();
        (await host.SendAsync(ours, Outside.Login("ann"))).AssertPassed();
        (await host.SendAsync(ours, Outside.Login("ann"))).AssertTempFailed(450, "4.7.1", "The limit of 2 recipients is reached, try again in 3600 seconds");
        (await host.SendAsync(ours, Outside.Login("bob"))).AssertPassed();
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await host.SendAsync(ours, Outside.Login("ann"))).AssertPassed();
    }

    [Fact]
    public async Task Logging_tells_every_event_and_has_the_MTA_wait_for_the_end_alone()
    {
        await using var host = new SampleHost<EventLog>(services => services.AddLoggingFilter());

        (await host.SendAsync(Message.QueueId("4ABC"), Outside)).AssertUnchanged();

        string[] told = [.. host.Lines.All.Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..])];
        Assert.Equal("connect from mail.example.org [203.0.113.7]", told[0]);
        Assert.Contains("mail from <joe@example.org>", told);
        Assert.Contains("rcpt to <ann@example.net>", told);
        Assert.Contains(told, line => line.StartsWith("header Subject:", StringComparison.Ordinal) && line.EndsWith("Hello", StringComparison.Ordinal));
        Assert.Contains(told, line => line.StartsWith("eom ", StringComparison.Ordinal) && line.EndsWith(" bytes of body", StringComparison.Ordinal));
        Assert.All(host.Lines.All, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public async Task Archive_keeps_each_message_once_by_its_queue_id_and_sends_blind_copies()
    {
        string folder = Directory.CreateTempSubdirectory("attrmilter-archive-").FullName;
        try
        {
            string maildir = Path.Combine(folder, "archive");
            await using var host = new SampleHost<Archiver>(
                services => services.AddArchiveFilter(), ("Archive:Maildir", maildir), ("Archive:BlindCopies:ann@example.net", "boss@example.net"), ("Archive:BlindCopies:example.org", "boss@example.net"));

            (await host.SendAsync(Message.QueueId("4ABC"), Outside)).AssertPassed().AssertRecipients("ann@example.net", "boss@example.net");
            (await host.SendAsync(Message.QueueId("4ABC"), Outside)).AssertPassed();
            (await host.SendAsync(TestMessage.From("jim@example.com").To("bob@example.net").Subject("Two").QueueId("5DEF"), Outside)).AssertPassed().AssertRecipients("bob@example.net");

            Assert.Equal(["4ABC", "5DEF"], Directory.GetFiles(Path.Combine(maildir, "new")).Select(Path.GetFileName).Order());
            Assert.Empty(Directory.GetFiles(Path.Combine(maildir, "tmp")));
            string kept = await File.ReadAllTextAsync(Path.Combine(maildir, "new", "4ABC"));
            Assert.StartsWith("Return-Path: <joe@example.org>\r\nX-Original-To: ann@example.net\r\n", kept, StringComparison.Ordinal);
            Assert.Contains("\r\nSubject: Hello\r\n", kept, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\nHi\r\n", kept, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Archive_puts_off_what_it_can_not_keep()
    {
        string folder = Directory.CreateTempSubdirectory("attrmilter-archive-").FullName;
        try
        {
            await using var host = new SampleHost<Archiver>(services => services.AddArchiveFilter(), ("Archive:Maildir", Path.Combine(folder, "archive")));
            (await host.SendAsync(Message, Outside)).AssertPassed();
            Directory.Delete(Path.Combine(folder, "archive"), recursive: true);

            (await host.SendAsync(Message, Outside)).AssertTempFailed(451, "4.3.0", "The message can't be archived now, try again later");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
