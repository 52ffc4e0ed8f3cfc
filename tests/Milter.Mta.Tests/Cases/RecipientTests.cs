using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects the list of recipients: who was refused by whom, and who is left.</summary>
[Collection(CaseCollection.Name)]
public sealed class RecipientTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    // Rule: recipients that the MTA refused go to OnRejectedRcpt alone, and join no envelope; nor do those that this filter refuses.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Of_a_hundred_recipients_some_are_refused_by_the_filter_and_some_by_the_server(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new RecipientFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string tag = Guid.NewGuid().ToString("N");
        var refused = new List<string>();
        var denied = new List<string>();
        var passed = new List<string>();
        await session.CommandAsync($"MAIL FROM:{From}", 250);

        for (int i = 0; i < 100; i++)
        {
            // Thirty for the filter to refuse, twenty for the server, fifty to pass.
            (List<string> list, string name, string domain, int code) = (i % 10) switch
            {
                0 or 3 or 7 => (refused, $"no{i}-{tag}", "example.com", 550),
                1 or 8 => (denied, $"\"|x{i}-{tag}\"", MtaServer.HostName, 550),
                _ => (passed, $"yes{i}-{tag}", "example.com", 250),
            };
            list.Add(name);
            await session.CommandAsync($"RCPT TO:<{name}@{domain}>", code);
        }

        SmtpReply reply = await session.DataAsync(Mail.Bytes(Mail.Message()));

        Assert.Equal(250, reply.Code);
        Assert.Equal(["50"], (await run.DeliveredAsync($"{passed[0]}@example.com")).HeaderValues("X-Count"));
        Assert.True(await Deadline.UntilAsync(() => Delivered(run, tag).Count == 50));
        Assert.Equal(passed.Select(name => $"{name}@example.com").Order(StringComparer.Ordinal), Delivered(run, tag));
        Assert.Equal(denied.Select(name => $"rejected {name}"), journal.Entries.Where(entry => entry.StartsWith("rejected", StringComparison.Ordinal)));
        Assert.Equal(80, journal.Entries.Count(entry => entry.StartsWith("asked", StringComparison.Ordinal)));
        Assert.Equal($"passed {string.Join(',', passed)}", journal.Entries[^1]);
        Assert.Empty(run.Log.Complaints);
    }

    // Rule: the engine always answers continue to them. ACCEPT would end the filtering of the whole message.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_recipient_that_the_server_refuses_does_not_end_the_filtering(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new RecipientFilter(journal), options => options.OnException = FailureVerdict.Accept);
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.CommandAsync($"RCPT TO:<\"|a\"@{MtaServer.HostName}>", 550);
        await session.CommandAsync($"RCPT TO:<{to}>", 250);
        await session.CommandAsync($"RCPT TO:<\"|b\"@{MtaServer.HostName}>", 550);
        await session.DataAsync(Mail.Bytes(Mail.Message()));

        Assert.Equal(["1"], (await run.DeliveredAsync(to)).HeaderValues("X-Count"));
        string name = to.Split('@')[0];
        Assert.Equal(["rejected \"|a\"", $"asked {name}", "rejected \"|b\"", $"passed {name}"], journal.Entries);
    }

    // Sendmail's rules (the access map) refuse before its milters are asked, and it tells them nothing of it; Postfix tells of every refusal.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Recipients_refused_by_the_access_map_are_told_by_Postfix_only(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new RecipientFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.CommandAsync("RCPT TO:<a@refused.example>", 550);
        await session.CommandAsync($"RCPT TO:<{to}>", 250);
        await session.DataAsync(Mail.Bytes(Mail.Message()));

        Assert.Equal(kind == MtaKind.Postfix ? 1 : 0, journal.Count("rejected a"));
        Assert.Equal(0, journal.Count("asked a"));
        Assert.Equal(["1"], (await run.DeliveredAsync(to)).HeaderValues("X-Count"));
    }

    // Rule: REJECT at RCPT refuses this recipient only. Rule: ACCEPT at RCPT accepts all recipients, DISCARD drops all.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Accept_at_one_recipient_accepts_all_and_discard_drops_all(MtaKind kind)
    {
        foreach (Verdict verdict in new[] { Verdict.Accept, Verdict.Discard })
        {
            int count = 0;
            await using FilterRun run = await fixture.RunAsync(kind, () => new VerdictFilter(
                at => at == MilterStages.Rcpt && ++count == 2 ? verdict : Verdict.Continue, new Journal()));
            await using SmtpClientSession session = await run.OpenAsync();
            string[] to = [Mail.NewAddress(), Mail.NewAddress(), Mail.NewAddress()];

            SmtpReply reply = await session.SendAsync(From, [.. to.Select(address => $"<{address}>")], Mail.Message());

            Assert.Equal(250, reply.Code);
            Assert.Equal(2, count);
            if (verdict == Verdict.Accept)
            {
                SinkMessage message = await run.DeliveredAsync(to[2]);
                Assert.Equal(["Received"], message.Fields());
                Assert.Equal(3, message.Recipients.Count);
            }
            else
            {
                await run.AssertNotDeliveredAsync(to[0]);
                Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(to[2]));
            }
        }
    }

    private static List<string> Delivered(FilterRun run, string tag) =>
    [
        .. run.Server.Sink.Messages.SelectMany(message => message.Recipients).Select(recipient => recipient.Address)
            .Where(address => address.Contains(tag, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];
}
