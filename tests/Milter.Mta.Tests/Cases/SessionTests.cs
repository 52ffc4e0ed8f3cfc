using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects messages from each other when several travel in one SMTP session, whatever their clients do between them.</summary>
[Collection(CaseCollection.Name)]
public sealed class SessionTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    // Rule: state is reset before each message, connection and HELO facts stay, and one instance serves the session.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Nothing_leaks_from_one_message_to_the_next(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new MessageFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        var addresses = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            addresses.Add(Mail.NewAddress());
            string fields = i % 2 == 0 ? $"Subject: s{i}\r\n" : "";
            string body = new('x', i * 10);
            await session.SendAsync($"<sender{i}@example.org>", [$"<{addresses[i]}>"], Mail.Message(fields, body.Length == 0 ? "" : body + "\r\n"));
        }

        await session.QuitAsync();
        await journal.WaitForAsync("closed");

        Assert.Equal(
        [
            $"1: True client.example.org <sender0@example.org> {addresses[0]} 's0' 4=4 0=0 Empty True",
            $"2: True client.example.org <sender1@example.org> {addresses[1]} '' 3=3 12=12 Available True",
            $"3: True client.example.org <sender2@example.org> {addresses[2]} 's2' 4=4 22=22 Available True",
            $"4: True client.example.org <sender3@example.org> {addresses[3]} '' 3=3 32=32 Available True",
            $"5: True client.example.org <sender4@example.org> {addresses[4]} 's4' 4=4 42=42 Available True",
            "closed",
        ],
        journal.Entries);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal([$"{i + 1}"], (await run.DeliveredAsync(addresses[i])).HeaderValues("X-Message"));
        }

        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Steps_without_a_reply_come_in_order_while_the_client_hurries(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new StepFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        for (int i = 0; i < 2; i++)
        {
            IReadOnlyList<SmtpReply> replies = await session.PipelineAsync(
                $"MAIL FROM:{From}", "RCPT TO:<one@example.com>", $"RCPT TO:<{to}>", "DATA");
            Assert.Equal([250, 250, 250, 354], replies.Select(reply => reply.Code));
            await session.SendRawAsync(Mail.Bytes(Mail.Message("X-A: a\r\nX-C: c\r\nX-B: b\r\n") + ".\r\n"));
            Assert.Equal(250, (await session.ReadReplyAsync()).Code);
        }

        string[] message =
        [
            "mail sender@example.org", "rcpt one", $"rcpt {to.Split('@')[0]}", "data", "header X-A=a", "header X-B=b", "eoh", "body 6", "eom",
        ];
        Assert.Equal(["connect 127.0.0.1", "helo client.example.org", .. message, .. message], journal.Entries);
        await run.DeliveredAsync(to);
        Assert.Empty(run.Log.Complaints);
    }

    // Rule: OnAbort runs exactly once for a message that began and did not end, also where the server is silent (Sendmail, when MAIL is waived).
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Rset_aborts_a_message_once(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new EndFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.CommandAsync("RCPT TO:<gone@example.com>", 250);
        await session.ResetAsync();
        await session.ResetAsync();
        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.EhloAsync();
        await session.SendAsync(From, [$"<{to}>"], Mail.Message());
        await session.ResetAsync();
        await session.QuitAsync();
        await journal.WaitForAsync("disposed");

        Assert.Equal(["abort gone", "Aborted", "abort ", "Aborted", "eom to", "Passed", "closed", "disposed"], journal.Entries);
        await run.DeliveredAsync(to);
        Assert.Empty(run.Log.Complaints);
    }

    // Nobody is told when a message is given up here: MAIL has no reply, so Sendmail sends no ABORT.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Rset_forgets_a_message_whose_MAIL_has_no_reply(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new MessageFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.CommandAsync("MAIL FROM:<gone@example.org>", 250);
        await session.CommandAsync("RCPT TO:<gone@example.com>", 250);
        await session.ResetAsync();
        await session.SendAsync(From, [$"<{to}>"], Mail.Message());

        Assert.Equal([$"1: True client.example.org <sender@example.org> {to} '' 3=3 6=6 Available True"], journal.Entries);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_client_that_drops_in_its_message_aborts_it_once(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new EndFilter(journal));
        foreach (bool reset in new[] { false, true })
        {
            SmtpClientSession session = await run.OpenAsync();
            await session.CommandAsync($"MAIL FROM:{From}", 250);
            await session.CommandAsync("RCPT TO:<gone@example.com>", 250);
            await session.CommandAsync("DATA", 354);
            await session.SendRawAsync("Subject: x\r\n\r\nhalf a li"u8.ToArray());
            session.Drop(reset);
        }

        IReadOnlyList<string> entries = await journal.WaitForAsync(entries => entries.Count(entry => entry == "disposed") == 2);

        Assert.Equal(2, entries.Count(entry => entry == "abort gone"));
        Assert.Equal(2, entries.Count(entry => entry is "Aborted" or "ConnectionLost"));
        Assert.Equal(2, entries.Count(entry => entry == "closed"));
        Assert.Equal(8, entries.Count);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Sessions_side_by_side_have_an_instance_each(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync(kind, () => new EndFilter(new Journal()));
        await using SmtpClientSession one = await run.OpenAsync(), two = await run.OpenAsync();
        string[] to = [Mail.NewAddress(), Mail.NewAddress(), Mail.NewAddress()];

        await one.CommandAsync($"MAIL FROM:{From}", 250);
        await two.SendAsync(From, [$"<{to[0]}>"], Mail.Message());
        await one.CommandAsync($"RCPT TO:<{to[1]}>", 250);
        await one.DataAsync(Mail.Bytes(Mail.Message()));
        await one.SendAsync(From, [$"<{to[2]}>"], Mail.Message());

        string[] instances = [.. await Task.WhenAll(to.Select(async address => (await run.DeliveredAsync(address)).HeaderValues("X-Instance").Single()))];
        Assert.Equal(instances[1], instances[2]);
        Assert.NotEqual(instances[0], instances[1]);
    }
}
