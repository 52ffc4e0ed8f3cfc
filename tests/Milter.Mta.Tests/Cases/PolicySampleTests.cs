using global::Samples.Archive;
using global::Samples.Greylist;
using global::Samples.Logging;
using global::Samples.SenderPolicy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Milter.Policy;

namespace Milter.Mta.Tests;

/// <summary>Protects what the pages of the samples for postmasters promise behind a real Postfix. Only Postfix lets a test be somebody outside.</summary>
[Collection(CaseCollection.Name)]
public sealed class PolicySampleTests(CaseFixture fixture)
{
    private const string Outside = "ADDR=203.0.113.9 NAME=mail.example.org";

    private readonly PolicyStoreAccess _access = new(new MemoryPolicyStore(), Options.Create(new PolicyOptions()), NullLogger<PolicyStoreAccess>.Instance);

    [SkippableFact]
    public async Task Greylist_puts_off_who_is_new_and_what_comes_back_is_delivered()
    {
        // Without a delay the second attempt is in time at once.
        var greylist = new Policy.Greylist(_access, Options.Create(new GreylistOptions { Delay = TimeSpan.FromMilliseconds(1) }));
        await using FilterRun run = await fixture.RunAsync<Greylister>(MtaKind.Postfix, null, services: services => services.AddSingleton(greylist));
        string to = Mail.NewAddress();

        SmtpReply first = await SendAsync(run, Outside, "<joe@example.org>", to);
        SmtpReply second = await SendAsync(run, Outside, "<joe@example.org>", to);

        Assert.Equal(451, first.Code);
        Assert.Contains("4.7.1 Greylisted, try again in 1 seconds", first.ToString(), StringComparison.Ordinal);
        Assert.Equal(250, second.Code);
        await run.DeliveredAsync(to);
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableFact]
    public async Task SenderPolicy_refuses_a_sender_of_ours_from_outside_and_takes_it_after_a_login()
    {
        await using FilterRun run = await fixture.RunAsync<SenderGuard>(MtaKind.Postfix, null, services: services => services
            .AddSingleton(new SenderPolicyRules(Options.Create(new SenderPolicyOptions { OurDomains = ["ours.example"] })))
            .AddSingleton(new PolicyLimits(_access, Options.Create(new PolicyLimitsOptions { Rules = [new() { Per = PolicyLimitPer.Login, Of = PolicyLimitOf.Messages, PermitLimit = 1 }] }))));
        string to = Mail.NewAddress();

        SmtpReply forged = await SendAsync(run, Outside, "<ann@ours.example>", to);
        SmtpReply sent = await SendAsync(run, Outside + " LOGIN=ann", "<ann@ours.example>", to);
        SmtpReply over = await SendAsync(run, Outside + " LOGIN=ann", "<ann@ours.example>", to);

        Assert.Equal((550, 250, 450), (forged.Code, sent.Code, over.Code));
        Assert.Contains("5.7.1 Senders of this domain have to log in", forged.ToString(), StringComparison.Ordinal);
        await run.DeliveredAsync(to);
    }

    [SkippableFact]
    public async Task Logging_tells_each_event_and_changes_nothing()
    {
        await using FilterRun run = await fixture.RunAsync<EventLog>(
            MtaKind.Postfix, null, services: services => services.AddSingleton(typeof(ILogger<>), typeof(Logger<>)));
        string to = Mail.NewAddress();

        Assert.Equal(250, (await SendAsync(run, Outside, "<joe@example.org>", to)).Code);

        await run.DeliveredAsync(to);
        Assert.Contains(run.Log.Lines, line => line.Contains("connect from mail.example.org [203.0.113.9]", StringComparison.Ordinal));
        Assert.Contains(run.Log.Lines, line => line.Contains($"rcpt to <{to}>", StringComparison.Ordinal));
        Assert.Contains(run.Log.Lines, line => line.Contains("header Subject:", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Archive_keeps_what_is_delivered_and_sends_the_blind_copy()
    {
        string folder = Directory.CreateTempSubdirectory("attrmilter-archive-").FullName;
        try
        {
            string to = Mail.NewAddress(), copy = Mail.NewAddress("copy");
            await using FilterRun run = await fixture.RunAsync<Archiver>(MtaKind.Postfix, null, services: services => services
                .AddSingleton(new Maildir(Path.Combine(folder, "archive")))
                .AddSingleton(new BlindCopyRules(Options.Create(new ArchiveOptions { BlindCopies = new Dictionary<string, string> { [to] = copy } }))));

            Assert.Equal(250, (await SendAsync(run, Outside, "<joe@example.org>", to)).Code);

            await run.DeliveredAsync(to);
            await run.DeliveredAsync(copy);
            string kept = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(folder, "archive", "new"))));
            Assert.StartsWith($"Return-Path: <joe@example.org>\r\nX-Original-To: {to}\r\n", kept, StringComparison.Ordinal);
            Assert.Contains("\r\nSubject: hello\r\n", kept, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SmtpReply> SendAsync(FilterRun run, string client, string from, string to)
    {
        await using SmtpClientSession session = await run.OpenAsync();
        await session.XclientAsync(client);
        await session.EhloAsync("mail.example.org");
        return await session.SendAsync(from, [$"<{to}>"], Mail.Message("Subject: hello\r\n"));
    }
}
