using Microsoft.Extensions.DependencyInjection;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing.Tests.Docs;

/// <summary>The code of docs/testing-filters.md; the test of the page compares them.</summary>
public class PageExamples
{
    [Fact]
    public async Task Compose()
    {
        await using var host = new MilterTestHost<Editing>();

        MilterTestResult result = await host.SendAsync(
            TestMessage.From("joe@elsewhere.test", "SIZE=1000").To("ann@example.test", "bob@example.test").Subject("Hello").Header("X-Old", "1").Body("Hi Ann\n"),
            TestClient.At("192.0.2.9", "mail.elsewhere.test").Helo("mail.elsewhere.test").Tls().Login("joe"));

        result.AssertPassed()
            .AssertNoHeader("X-Old")
            .AssertHeader("X-End", "last")
            .AssertRecipients("ann@example.test", "bob@example.test", "archive@example.test")
            .AssertBody("new body\n")
            .AssertNothingLogged();
        Assert.Equal("X-Top", result.Message.Content.Headers[0].Name);
        Assert.Contains(result.Modifications, edit => edit is HeaderInserted { Header.Name: "X-Top" });
    }

    [Fact]
    public async Task Negotiation()
    {
        await using var host = new MilterTestHost<Editing>();

        Assert.Equal(1, host.Descriptor.WaitsPerMessage);
        MilterTestResult result = await host.SendAsync(TestMessage.From("a@x.test").To("b@x.test"));

        result.AssertWaits(1);
        Assert.Equal([MilterCommand.EndOfMessage], result.Agreement.WaitedFor);
        Assert.True(result.Agreement.Steps.HasFlag(ProtocolSteps.NoBody));
        Assert.Contains("{auth_authen}", result.Agreement.Macros[MacroStage.Mail], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions()
    {
        await using var host = new MilterTestHost<Choosy>();
        await using MilterTestSession session = await host.StartSessionAsync(TestClient.At("192.0.2.9"));

        TestMessage message = TestMessage.From("joe@elsewhere.test").To("ann@example.test");
        (await session.SendAsync(message)).AssertHeader("X-Count", "1");
        await session.GiveUpAsync(message);
        (await session.SendAsync(message.To("nobody@example.test"))).AssertHeader("X-Count", "2").AssertRecipients("ann@example.test");
    }

    [Fact]
    public async Task Services()
    {
        await using ServiceProvider services = new ServiceCollection().AddSingleton<ILookup, NobodyIsListed>().BuildServiceProvider();
        await using var host = new MilterTestHost<LookingUp>(services);

        (await host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test"))).AssertPassed();
    }

    [Fact]
    public async Task Time()
    {
        var clock = new ManualClock { AutoAdvance = true };
        await using var host = new MilterTestHost<LookingUp>(() => new LookingUp(new SlowLookup(clock, TimeSpan.FromSeconds(20))), new MilterTestOptions { Clock = clock });

        MilterTestResult result = await host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test"));

        result.AssertPassed();
        Assert.Equal(6, result.ProgressNotices);
        Assert.True(result.LongestSilence < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Wire()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            await using var host = new MilterTestHost<Editing>(new MilterTestOptions { Wire = WireSimulation.Seeded(seed) });
            (await host.SendAsync(TestMessage.From("a@x.test").To("b@x.test"))).AssertHeader("X-End", "last");
        }
    }

    [Fact]
    public async Task Gone()
    {
        await using var host = new MilterTestHost<Editing>();

        MilterHalfCloseResult result = await host.HalfCloseAsync(TestMessage.From("a@x.test").To("b@x.test"), HalfClose.AfterEndOfMessage);
        result.AssertCleanEnd();
    }

    private sealed class NobodyIsListed : ILookup
    {
        public Task<bool> IsListedAsync(string address, CancellationToken cancellation) => Task.FromResult(false);
    }

    private sealed class SlowLookup(TimeProvider clock, TimeSpan time) : ILookup
    {
        public async Task<bool> IsListedAsync(string address, CancellationToken cancellation)
        {
            await Task.Delay(time, clock, cancellation);
            return false;
        }
    }
}
