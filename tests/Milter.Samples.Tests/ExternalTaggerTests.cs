using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Milter.Client;
using Milter.Testing;
using Quickstart;

namespace Milter.Samples.Tests;

/// <summary>The Quickstart's filter, tested as a user would: each message in the ways of Postfix and Sendmail.</summary>
public sealed class ExternalTaggerTests : IAsyncDisposable
{
    private static readonly (string Key, string Value)[] s_settings =
    [
        ("Quickstart:Words:0", "lottery"),
        ("Quickstart:Words:1", "Glückwunsch"),
        ("Quickstart:Words:2", "free money"),
        ("Quickstart:TrustedNetworks:0", "192.0.2.0/24"),
        ("Quickstart:TrustedNetworks:1", "2001:db8::/32"),
    ];

    private readonly ServiceProvider _services = Services(s_settings);
    private readonly MilterTestHost<Quickstart.ExternalTagger> _host;

    public ExternalTaggerTests() => _host = new(_services);

    private static TestClient Outside => TestClient.At("203.0.113.7", "client.example");

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Mail_from_outside_is_tagged()
    {
        MilterTestResult result = await SendAsync("Subject: Hello");

        result.AssertPassed().AssertHeader("Subject", "[EXTERNAL] Hello").AssertHeader("X-Milter", "AttrMilter Quickstart").AssertNothingLogged();
        Assert.Equal("X-Milter", result.Message.Content.Headers[^1].Name);
    }

    [Fact]
    public async Task The_MTA_waits_once()
    {
        MilterTestResult result = await SendAsync("Subject: Hello");

        result.AssertWaits(1);
        Assert.Equal([Protocol.MilterCommand.EndOfMessage], result.Agreement.WaitedFor);
        Assert.Equal(Protocol.MilterActions.AddHeaders | Protocol.MilterActions.ChangeHeaders, result.Agreement.Actions);
    }

    [Theory]
    [InlineData("Subject: You won the LOTTERY")]
    [InlineData("Subject: \"lottery\"")]
    [InlineData("Subject: Free\n money inside")]
    [InlineData("Subject: Free\n\t money inside")]
    [InlineData("Subject: Glückwunsch")]
    [InlineData("Subject: =?utf-8?Q?GL=C3=9CCKWUNSCH!?=")]
    [InlineData("Subject: =?iso-8859-1?B?R2z8Y2t3dW5zY2g=?=")]
    [InlineData("Subject: =?utf-8?Q?Gl=C3=BCck?=\n =?utf-8?Q?wunsch?=")]
    public async Task A_listed_word_is_refused(string header)
    {
        MilterTestResult result = await SendAsync(header);

        result.AssertRejected(550, "5.7.1");
        Assert.Empty(result.Modifications);
    }

    [Fact]
    public async Task A_listed_word_is_refused_from_inside_too() =>
        (await SendAsync("Subject: lottery", TestClient.At("127.0.0.1"))).AssertRejected();

    [Theory]
    [InlineData("Subject: The lotteryless week")]
    [InlineData("Subject: Glückwunschkarte")]
    [InlineData("Subject: =?utf-8?Q?Gl=C3=BCckwunsch=C3=A4hnlich?=")]
    [InlineData("X-Subject: lottery")]
    public async Task Part_of_a_word_is_not_a_listed_word(string header) => (await SendAsync(header)).AssertPassed();

    public static TheoryData<string, TestClient> Insiders => new()
    {
        { "has logged in", Outside.Login("anna") },
        { "this machine", TestClient.At("127.0.0.1", "localhost") },
        { "this machine, IPv6", TestClient.At("::1", "localhost") },
        { "a program on this machine", TestClient.Local() },
        { "a trusted network", TestClient.At("192.0.2.99") },
        { "a trusted network, IPv6", TestClient.At("2001:db8:5::1") },
    };

    [Theory]
    [MemberData(nameof(Insiders))]
    public async Task Mail_from_inside_keeps_its_subject(string who, TestClient client)
    {
        MilterTestResult result = await SendAsync("Subject: Cron <root@host> backup", client);

        result.AssertHeader("Subject", "Cron <root@host> backup").AssertHeader("X-Milter", "AttrMilter Quickstart").Assert(run => run.Outcome.Modifications.Count == 1, who);
    }

    public static TheoryData<string, TestClient> Outsiders => new()
    {
        { "beside a trusted network", TestClient.At("192.0.3.1") },
        { "beside a trusted network, IPv6", TestClient.At("2001:db9::1") },
    };

    [Theory]
    [MemberData(nameof(Outsiders))]
    public async Task Whoever_is_not_known_to_be_inside_is_outside(string who, TestClient client) =>
        (await SendAsync("Subject: Hello", client)).AssertHeader("Subject", "[EXTERNAL] Hello").Assert(run => run.Outcome.Modifications.Count == 2, who);

    /// <summary>Of Postfix, that is: from Sendmail, a client without an address is a program on its machine.</summary>
    [Fact]
    public async Task A_client_of_which_nothing_is_known_is_outside()
    {
        await using var host = new MilterTestHost<Quickstart.ExternalTagger>(_services, new MilterTestOptions { Personalities = [MtaPersonality.Postfix] });

        (await host.SendAsync(TestMessage.From("someone@client.example").To("anna@example.net").Subject("Hello"), TestClient.Unknown())).AssertHeader("Subject", "[EXTERNAL] Hello");
    }

    [Theory]
    [InlineData("[EXTERNAL] Hello")]
    [InlineData("Re: [external] Hello")]
    [InlineData("=?utf-8?Q?AW:_[EXTERNAL]_Gr=C3=BC=C3=9Fe?=")]
    public async Task A_tagged_subject_is_not_tagged_again(string subject) =>
        (await SendAsync($"Subject: {subject}")).AssertPassed().AssertHeader("Subject", subject);

    [Theory]
    [InlineData("X-Other: 1")]
    [InlineData("Subject:")]
    [InlineData("Subject:  ")]
    public async Task Without_a_subject_the_tag_is_the_subject(string header) =>
        (await SendAsync(header)).AssertHeader("Subject", "[EXTERNAL]");

    [Fact]
    public async Task Encoded_words_and_folds_stay_as_they_were_sent()
    {
        const string Subject = "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n =?utf-8?Q?_aus_Bonn?= and\n\tmore";

        (await SendAsync($"Subject: {Subject}")).AssertHeader("Subject", $"[EXTERNAL] {Subject}");
    }

    [Fact]
    public async Task Of_two_subjects_the_first_is_kept() => (await SendAsync("Subject: one\nSubject: two")).AssertHeader("Subject", "[EXTERNAL] one");

    [Theory]
    [InlineData("Subject: hello\nSubject: lottery")]
    [InlineData("Subject: hello\nX-Other: 1\nsubject: =?utf-8?Q?GL=C3=9CCKWUNSCH!?=\nSubject: hello")]
    public async Task A_listed_word_is_refused_in_whichever_subject_it_stands(string header) =>
        (await SendAsync(header)).AssertRejected(550, "5.7.1");

    [Fact]
    public async Task A_tagged_subject_does_not_hide_another_one()
    {
        MilterTestResult result = await SendAsync("Subject: [EXTERNAL] hello\nSubject: from your bank");

        Assert.Equal("[EXTERNAL] [EXTERNAL] hello", Assert.Single(result.Message.Content.Headers, field => field.Name == "Subject").Value);
    }

    [Fact]
    public async Task A_subject_that_breaks_the_rules_is_tagged_all_the_same()
    {
        string endless = new('x', 3000);

        // To Postfix a bare CR is a blank; Sendmail ends the session.
        await using var host = new MilterTestHost<Quickstart.ExternalTagger>(_services, new MilterTestOptions { Personalities = [MtaPersonality.Postfix] });
        MilterTestResult result = await host.SendAsync(TestMessage.From("someone@client.example").To("anna@example.net").Subject($"a\rb{endless}"), Outside);

        result.AssertHeader("Subject", $"[EXTERNAL] a b{endless}");
    }

    [Fact]
    public async Task Settings_are_obeyed()
    {
        await using ServiceProvider services = Services(("Quickstart:Tag", "[Außen]"), ("Quickstart:HeaderValue", "mx1"));
        await using var host = new MilterTestHost<Quickstart.ExternalTagger>(services);

        MilterTestResult result = await host.SendAsync(TestMessage.From("someone@client.example").To("anna@example.net").Subject("lottery"), Outside);

        result.AssertHeader("Subject", "=?utf-8?Q?=5BAu=C3=9Fen=5D?= lottery").AssertHeader("X-Milter", "mx1");
    }

    /// <summary>Whatever the network does, and wherever the MTA stops.</summary>
    [Fact]
    public async Task A_bad_network_changes_nothing()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            await using var host = new MilterTestHost<Quickstart.ExternalTagger>(_services, new MilterTestOptions { Wire = WireSimulation.Seeded(seed) });
            TestMessage message = TestMessage.From("someone@client.example").To("anna@example.net").Subject("Hello");

            (await host.SendAsync(message, Outside)).AssertHeader("Subject", "[EXTERNAL] Hello").AssertNothingLogged();
            (await host.HalfCloseAsync(message, client: Outside)).AssertCleanEnd();
        }
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Key, one => (string?)one.Value)).Build())
        .AddExternalTagger()
        .BuildServiceProvider();

    /// <summary>Sends a message with these fields besides From and To.</summary>
    private Task<MilterTestResult> SendAsync(string header, TestClient? client = null) =>
        _host.SendAsync(TestMessage.Parse($"From: someone@client.example\nTo: anna@example.net\n{header}\n\nHello.\n"), client ?? Outside);
}
