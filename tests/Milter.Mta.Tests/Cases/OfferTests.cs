using Milter.Mta.Filters;
using Milter.Protocol;

namespace Milter.Mta.Tests;

/// <summary>Protects mail where a server speaks an older protocol, or offers less than a filter needs.</summary>
[Collection(CaseCollection.Name)]
public sealed class OfferTests
{
    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public static TheoryData<int> Protocols => [2, 3, 4];

    public static TheoryData<MtaKind, MissingCapability> ServersAndChoices => new()
    {
        { MtaKind.Postfix, MissingCapability.TempFail }, { MtaKind.Postfix, MissingCapability.Degrade }, { MtaKind.Postfix, MissingCapability.Close },
        { MtaKind.Sendmail, MissingCapability.TempFail }, { MtaKind.Sendmail, MissingCapability.Degrade }, { MtaKind.Sendmail, MissingCapability.Close },
    };

    // No reply can be waived here, and what is not negotiated away comes: the engine answers for the filter.
    [SkippableTheory, MemberData(nameof(Protocols))]
    public async Task Filters_work_with_an_older_protocol(int version)
    {
        await using var fixture = new OldFixture(version);
        var journal = new Journal();
        await using (FilterRun run = await fixture.Servers.RunAsync(MtaKind.Postfix, () => new MessageFilter(journal)))
        {
            await using SmtpClientSession session = await run.OpenAsync();
            string first = Mail.NewAddress(), second = Mail.NewAddress();
            await session.CommandAsync("MAIL FROM:<gone@example.org>", 250);
            await session.CommandAsync("RCPT TO:<gone@example.com>", 250);
            await session.CommandAsync("FOO", 500);
            await session.ResetAsync();
            await session.SendAsync("<a@example.org>", [$"<{first}>", "<nobody@refused.example>"], "");
            await session.ResetAsync();
            await session.SendAsync("<a@example.org>", [$"<{first}>"], Mail.Message("Subject: s\r\n"));
            await session.SendAsync("<b@example.org>", [$"<{second}>"], Mail.Message());

            Assert.Equal(
            [
                $"1: True client.example.org <a@example.org> {first} 's' 4=4 6=6 Available True",
                $"2: True client.example.org <b@example.org> {second} '' 3=3 6=6 Available True",
            ],
            journal.Entries);
            Assert.Equal(["2"], (await run.DeliveredAsync(second)).HeaderValues("X-Message"));
            Assert.Empty(run.Log.Complaints);
        }

        // Postfix offers every action whatever the version, and obeys it.
        await using (FilterRun run = await fixture.Servers.RunAsync(MtaKind.Postfix, () => new SenderFilter()))
        {
            SinkMessage message = await run.PassAsync(Mail.Message());
            Assert.Equal("new@example.net", message.From.Address);
            Assert.Equal(["yes"], message.HeaderValues("X-Seen"));
            Assert.Empty(run.Log.Complaints);
        }
    }

    // Rule (missing what is required): by default negotiate, then 4xx at MAIL, so that mail is neither lost nor unfiltered.
    [SkippableTheory, MemberData(nameof(ServersAndChoices))]
    public async Task Where_a_required_action_is_not_offered(MtaKind kind, MissingCapability choice)
    {
        await using var fixture = new NarrowFixture();
        await using FilterRun run = await fixture.Servers.RunAsync(kind, () => new SenderFilter(), options => options.OnMissingCapability = choice);
        await using var proxy = new OfferProxy(
            fixture.Servers.Front(kind), fixture.Servers.Back(kind), (uint)(MilterActions.AddHeaders | MilterActions.ChangeHeaders));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        SmtpReply mail = await session.CommandAsync("MAIL FROM:<sender@example.org>");

        Assert.Contains(run.Log.Complaints, line => line.Contains("ChangeSender", StringComparison.Ordinal) && line.Contains("End", StringComparison.Ordinal));
        Assert.Equal((MilterActions.ChangeSender, false), (run.Filter.Health.MissingActions, run.Filter.Health.IsHealthy));
        if (choice == MissingCapability.TempFail)
        {
            Assert.Equal(451, mail.Code);
            Assert.Equal(451, (await session.CommandAsync("MAIL FROM:<sender@example.org>")).Code);
            return;
        }

        // Close leaves it to the server, which is fail-open here. Degrade does what it may.
        Assert.Equal(250, mail.Code);
        await session.CommandAsync($"RCPT TO:<{to}>", 250);
        await session.DataAsync(Mail.Bytes(Mail.Message()));
        SinkMessage message = await run.DeliveredAsync(to);
        Assert.Equal("sender@example.org", message.From.Address);
        Assert.Equal(choice == MissingCapability.Degrade ? ["yes"] : [], message.HeaderValues("X-Seen"));
    }

    private abstract class Owned<T>(T servers) : IAsyncDisposable
        where T : CaseFixture
    {
        public T Servers { get; } = servers;

        public async ValueTask DisposeAsync() => await Servers.DisposeAsync();
    }

    private sealed class OldFixture(int version) : Owned<OldFixture.Fixture>(new Fixture(version))
    {
        public sealed class Fixture(int version) : CaseFixture
        {
            protected override MtaOptions Configure(MtaKind kind, MtaOptions options) => options with { Postfix = new() { MilterProtocol = version } };
        }
    }

    private sealed class NarrowFixture() : Owned<NarrowFixture.Fixture>(new Fixture())
    {
        public sealed class Fixture : CaseFixture
        {
            public string Front(MtaKind kind) => Folder.SocketPath($"{kind}.front");

            public string Back(MtaKind kind) => Folder.SocketPath($"{kind}.sock");

            protected override MtaOptions Configure(MtaKind kind, MtaOptions options) => options with
            {
                Milters = [MilterEndpoint.Unix(Front(kind))],
                OnMilterFailure = MilterFailure.Accept,
            };
        }
    }
}
