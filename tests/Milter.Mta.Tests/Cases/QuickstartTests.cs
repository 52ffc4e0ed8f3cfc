using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quickstart;

namespace Milter.Mta.Tests;

/// <summary>Protects what the README promises of the Quickstart behind real mail servers.</summary>
[Collection(CaseCollection.Name)]
public sealed class QuickstartTests(CaseFixture fixture)
{
    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    // Only Postfix lets a test be somebody outside.
    [SkippableTheory]
    [InlineData("ADDR=203.0.113.9 NAME=mail.example.org", "[EXTERNAL] hello")]
    [InlineData("ADDR=10.1.2.3 NAME=printer.example.net", "hello")]
    [InlineData("ADDR=203.0.113.9 NAME=mail.example.org LOGIN=alice", "hello")]
    public async Task Mail_from_outside_arrives_tagged_and_no_other(string client, string subject)
    {
        await using FilterRun run = await StartAsync(MtaKind.Postfix);
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.XclientAsync(client);
        await session.EhloAsync("outside.example.org");
        SmtpReply reply = await session.SendAsync("<sender@example.org>", [$"<{to}>"], Mail.Message("Subject: hello\r\n"));

        Assert.Equal(250, reply.Code);
        SinkMessage message = await run.DeliveredAsync(to);
        Assert.Equal([subject], message.HeaderValues("Subject"));
        Assert.Equal(["AttrMilter Quickstart"], message.HeaderValues("X-Milter"));
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_listed_word_is_refused_after_the_final_dot_in_the_filters_words(MtaKind kind)
    {
        await using FilterRun run = await StartAsync(kind);

        SmtpReply reply = await run.SendAsync(Mail.NewAddress(), Mail.Message("Subject: =?utf-8?B?R0zDnENLV1VOU0NI?= to you\r\n"));

        Assert.Equal(550, reply.Code);
        Assert.Contains("5.7.1 The subject has a word that is not taken here", reply.ToString(), StringComparison.Ordinal);
    }

    private Task<FilterRun> StartAsync(MtaKind kind) => fixture.RunAsync<ExternalTagger>(kind, null, services: services => services.AddSingleton(
        new TaggerRules(Options.Create(new TaggerOptions { Words = ["Glückwunsch"], TrustedNetworks = ["10.0.0.0/8"] }))));
}
