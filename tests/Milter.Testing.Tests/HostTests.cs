using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing.Tests;

public class HostTests
{
    private static TestMessage Simple => TestMessage.From("joe@elsewhere.test").To("ann@example.test", "bob@example.test").Subject("Hello").Body("old body\n");

    [Fact]
    public async Task Edits_of_every_kind_arrive_alike_in_the_ways_of_both()
    {
        await using var host = new MilterTestHost<Editing>();

        MilterTestResult result = await host.SendAsync(Simple.Header("X-Old", "1").Header("X-Old", "2"), TestClient.At("192.0.2.9").Login("joe").Helo("joe.test"));

        result.AssertPassed()
            .AssertHeader("X-Top", "joe 192.0.2.9 joe.test 4Xk2P6hRbz1Fm")
            .AssertHeader("X-End", "last")
            .AssertNoHeader("X-Old")
            .AssertRecipients("ann@example.test", "bob@example.test", "archive@example.test")
            .AssertBody("new body\n");
        Assert.Equal("X-Top", result.Message.Content.Headers[0].Name);
        Assert.Equal("X-End", result.Message.Content.Headers[^1].Name);
        Assert.Contains("{client_addr}", string.Join(' ', result.Agreement.Macros.Values), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Recipients => new()
    {
        { "To: ann@example.test\n", "ann@example.test" },
        { "To: Ann <ann@example.test>, \"B, Bob\" <bob@example.test>\nCc: carol@example.test (Carol, c@x)\n", "ann@example.test bob@example.test carol@example.test" },
        { "To: team: ann@example.test,\n bob@example.test; dave@example.test\n", "ann@example.test bob@example.test dave@example.test" },
        { "To: undisclosed-recipients:;\nCc: ann@example.test\nCC: <bob@example.test>\n", "ann@example.test bob@example.test" },
        { "To: ANN@example.test, ann@Example.test\nBcc: bob@example.test\n", "ANN@example.test bob@example.test" },
        { "To: a@[IPv6:2001:db8::1], \"a b\"@example.test\n", "a@[IPv6:2001:db8::1] \"a b\"@example.test" },
    };

    [Theory, MemberData(nameof(Recipients))]
    public async Task A_message_of_a_file_goes_to_all_whom_its_header_names(string fields, string recipients)
    {
        await using var host = new MilterTestHost<Choosy>();

        MilterTestResult result = await host.SendAsync(TestMessage.Parse($"From: Joe <joe@elsewhere.test>\n{fields}\nbody\n"));

        Assert.Equal("joe@elsewhere.test", result.Message.Sender.Address);
        Assert.Equal(recipients, string.Join(' ', result.Outcome.Original.Recipients.Select(path => path.Address)));
    }

    [Fact]
    public async Task A_message_for_nobody_is_a_mistake_of_the_test()
    {
        await using var host = new MilterTestHost<Choosy>();

        Assert.Contains("no recipient", (await Assert.ThrowsAsync<InvalidOperationException>(() => host.SendAsync(TestMessage.Parse("Subject: s\n\nbody\n")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_filter_logs_is_in_the_result_in_every_form()
    {
        var elsewhere = new List<string>();
        await using ServiceProvider container = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(new ListLoggers(elsewhere)).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).BuildServiceProvider();
        MilterTestHost<Logging>[] hosts =
        [
            new(),
            new(container),
            new(services => new Logging(services.GetRequiredService<ILogger<Logging>>())),
            new(services => new Logging(services.GetRequiredService<ILoggerFactory>().CreateLogger<Logging>()), container),
        ];
        foreach (MilterTestHost<Logging> host in hosts)
        {
            MilterTestResult result = await host.SendAsync(Simple);
            Assert.Contains(result.Log, entry => entry.Message == "seen at the end");
            await host.DisposeAsync();
        }

        Assert.Contains("seen at the end", elsewhere);
    }

    private sealed class ListLoggers(List<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
            // There is one place for all.
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    [Fact]
    public async Task A_refused_recipient_is_no_refused_message()
    {
        await using var host = new MilterTestHost<Choosy>();

        MilterTestResult result = await host.SendAsync(Simple.To("nobody@example.test"));

        result.AssertPassed().AssertRecipients("ann@example.test", "bob@example.test");
        Assert.Equal("550 5.1.1 Not here", Assert.Single(result.Outcome.RefusedRecipients).Reply.ToString());
        Assert.Equal(MilterVerdict.Reject, result.StepAt(MilterCommand.Rcpt, "<nobody@example.test>")!.Verdict);
    }

    [Fact]
    public async Task Several_messages_go_through_one_session_and_one_instance()
    {
        await using var host = new MilterTestHost<Choosy>();
        await using MilterTestSession session = await host.StartSessionAsync();

        (await session.SendAsync(Simple)).AssertHeader("X-Count", "1");
        await session.GiveUpAsync(Simple);
        (await session.SendAsync(Simple)).AssertHeader("X-Count", "2");
        (await host.SendAsync(Simple)).AssertHeader("X-Count", "1");
    }

    [Fact]
    public async Task A_filter_that_treats_the_MTAs_differently_fails_with_the_difference()
    {
        await using var host = new MilterTestHost<PostfixOnly>();

        var failure = await Assert.ThrowsAsync<MilterAssertionException>(() => host.SendAsync(Simple));

        Assert.Contains("--- Postfix\n+++ Sendmail", failure.Message, StringComparison.Ordinal);
        Assert.Contains("+verdict: Reject 550 5.7.1 Wrong MTA", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_MTA_alone_opts_out_of_comparing()
    {
        await using var host = new MilterTestHost<PostfixOnly>(new MilterTestOptions { Personalities = [MtaPersonality.Postfix] });

        (await host.SendAsync(Simple)).AssertPassed();
    }

    [Fact]
    public async Task Services_come_from_a_container()
    {
        await using ServiceProvider services = new ServiceCollection().AddSingleton<ILookup>(new Listing("joe@elsewhere.test")).BuildServiceProvider();
        await using var host = new MilterTestHost<LookingUp>(services);

        (await host.SendAsync(Simple)).AssertRejected(550, text: "Listed");
        (await host.SendAsync(Simple.Sender("jim@elsewhere.test"))).AssertPassed();
    }

    [Fact]
    public async Task What_is_logged_can_be_looked_at()
    {
        await using var host = new MilterTestHost<Throwing>();

        MilterTestResult result = await host.SendAsync(Simple);

        result.AssertTempFailed();
        Assert.Contains(result.Log, entry => entry is { Level: LogLevel.Error, Exception: InvalidOperationException });
        var failure = Assert.Throws<MilterAssertionException>(() => result.AssertNothingLogged());
        Assert.Contains("out of order", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_come_from_text_with_their_envelope()
    {
        await using var host = new MilterTestHost<BodyReader>();

        MilterTestResult result = await host.SendAsync(TestMessage.Parse("From: Joe <joe@x.test>\nTo: ann@y.test\nSubject: a\n b\n\none\ntwo\n"));

        result.AssertHeader("X-Bytes", "10").AssertHeader("Subject", "a\n b").AssertRecipients("ann@y.test");
        Assert.Equal("joe@x.test", result.Message.Sender.Address);
    }

    [Fact]
    public async Task A_given_up_message_reaches_OnAbort_with_both()
    {
        await using var host = new MilterTestHost<BodyReader>();
        await using MilterTestSession session = await host.StartSessionAsync();

        await session.GiveUpAsync(Simple);

        (await session.SendAsync(Simple)).Assert(run => run.Log.Any(entry => entry.Message == "given up"), "OnAbort should run.");
    }

    [Fact]
    public async Task A_failure_tells_the_whole_story()
    {
        await using var host = new MilterTestHost<Editing>();
        MilterTestResult result = await host.SendAsync(Simple);

        var failure = Assert.Throws<MilterAssertionException>(() => result.AssertHeader("X-End", "first"));

        Assert.Contains("There should be one X-End: first; there is \"last\".", failure.Message, StringComparison.Ordinal);
        Assert.Contains("As Sendmail: Continue at EOM", failure.Message, StringComparison.Ordinal);
        Assert.Contains("+X-End: last", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-old body", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_MTA_does_not_offer_is_tested_too()
    {
        await using var host = new MilterTestHost<Editing>(new MilterTestOptions { Actions = MilterActions.Quarantine });

        (await host.SendAsync(Simple)).AssertTempFailed();
    }

    private sealed class Listing(string address) : ILookup
    {
        public Task<bool> IsListedAsync(string address1, CancellationToken cancellation) => Task.FromResult(address1 == address);
    }
}
