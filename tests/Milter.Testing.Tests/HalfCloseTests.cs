using Milter.Client;

namespace Milter.Testing.Tests;

/// <summary>An MTA that shuts its writing side within a message: the filter's ends are all called, and a filter that does not cope fails the test.</summary>
public class HalfCloseTests
{
    private static TestMessage Message => TestMessage.From("joe@elsewhere.test").To("ann@example.test", "bob@example.test").Subject("Hello").Body("one\ntwo\n");

    [Theory]
    [InlineData(HalfClose.InPacket)]
    [InlineData(HalfClose.InMessage)]
    [InlineData(HalfClose.AfterEndOfMessage)]
    public async Task Every_message_that_was_shown_ends_wherever_the_MTA_stops(HalfClose at)
    {
        var places = new HashSet<string>();
        var ends = new HashSet<MessageOutcome?>();
        for (int seed = 0; seed < 30; seed++)
        {
            await using var host = new MilterTestHost<Chatty>(new MilterTestOptions { Wire = WireSimulation.Seeded(seed) });
            await using MilterTestSession session = await host.StartSessionAsync();
            await session.GiveUpAsync(Message);
            (await session.SendAsync(Message)).AssertPassed();

            MilterHalfCloseResult result = (await session.HalfCloseAsync(Message, at)).AssertCleanEnd();

            places.UnionWith(result.Runs.Select(run => run.Place));
            ends.UnionWith(result.Runs.Select(run => run.Ended));
            await Assert.ThrowsAsync<InvalidOperationException>(() => session.SendAsync(Message));
        }

        Assert.True(at == HalfClose.AfterEndOfMessage ? places.Count == 1 : places.Count > 3, string.Join(", ", places));
        Assert.Equal(at == HalfClose.AfterEndOfMessage ? MessageOutcome.Passed : MessageOutcome.ConnectionLost, ends.Last(end => end is not null));
    }

    [Fact]
    public async Task A_handler_that_waits_at_EOM_is_told_by_its_token()
    {
        await using var host = new MilterTestHost<LookingUp>(() => new LookingUp(new Endless()));

        MilterHalfCloseResult result = await host.HalfCloseAsync(Message, HalfClose.AfterEndOfMessage);

        result.AssertCleanEnd().Assert(run => run.Ended == MessageOutcome.Refused, "What was not looked up does not pass.");
    }

    [Fact]
    public async Task What_the_filter_answers_all_the_same_can_be_looked_at()
    {
        await using var host = new MilterTestHost<Chatty>();

        MilterHalfCloseResult result = await host.HalfCloseAsync(Message, HalfClose.AfterEndOfMessage);

        result.AssertCleanEnd().Assert(run => run.Outcome?.Verdict == MilterVerdict.Continue, "The answer should be read.");
    }

    [Fact]
    public async Task A_filter_that_does_not_cope_fails_with_the_line_that_repeats_it()
    {
        await using var host = new MilterTestHost<BadLoser>(new MilterTestOptions { Wire = WireSimulation.Seeded(5) });
        (await host.SendAsync(Message)).AssertPassed().AssertNothingLogged();
        MilterHalfCloseResult result = await host.HalfCloseAsync(Message, HalfClose.InMessage);

        var failure = Assert.Throws<MilterAssertionException>(() => result.AssertCleanEnd());

        Assert.Contains("Nothing should be logged at Warning or above", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nothing to give up", failure.Message, StringComparison.Ordinal);
        Assert.Contains("As Postfix: half-closed before ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("  Wire = WireSimulation.Seeded(5),\n", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_over_before_the_place_is_no_fault()
    {
        await using var host = new MilterTestHost<NoSenders>();

        MilterHalfCloseResult result = await host.HalfCloseAsync(Message, HalfClose.AfterEndOfMessage);

        result.AssertCleanEnd().Assert(run => run.Place.StartsWith("after the message", StringComparison.Ordinal) && run.Outcome is not null, "MAIL should be refused.");
    }

    [Theory]
    [InlineData("[OnMessageEnd] should be called once for each message.", MilterStages.Mail, MilterStages.Abort, MilterStages.Close)]
    [InlineData("[OnAbort] should be called once for a message that is lost.", MilterStages.Mail, MilterStages.MessageEnd, MilterStages.Close)]
    [InlineData("[OnClose] should be called once at the end of the session.", MilterStages.Mail, MilterStages.Abort, MilterStages.MessageEnd)]
    [InlineData("[OnClose] should be called once at the end of the session.", MilterStages.Mail, MilterStages.Abort, MilterStages.MessageEnd, MilterStages.Close, MilterStages.Close)]
    public void An_end_that_is_lost_or_doubled_is_told(string expected, params MilterStages[] called)
    {
        var run = new MilterHalfCloseRun(MtaPersonality.Postfix, "", null, MessageOutcome.ConnectionLost, called, IsDisposed: true, []) { Ending = called[1..] };

        var failure = Assert.Throws<MilterAssertionException>(() => new MilterHalfCloseResult([run], new MilterTestHost<Chatty>().Descriptor, null).AssertCleanEnd());

        Assert.StartsWith(expected, failure.Message, StringComparison.Ordinal);
    }

    private sealed class Endless : ILookup
    {
        public async Task<bool> IsListedAsync(string address, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return false;
        }
    }
}

/// <summary>Has a handler wherever it can, some of them asynchronous, and counts what is open.</summary>
[Milter]
public sealed partial class Chatty : IAsyncDisposable
{
    [PerMessage]
    private int _fields;

    [OnConnect]
    public Verdict Connect() => Verdict.Continue;

    [OnMail]
    public async Task<Verdict> Mail(CancellationToken cancellation)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        return Verdict.Continue;
    }

    [OnRcpt]
    public Verdict Rcpt() => Verdict.Continue;

    [OnHeader]
    public async Task Header(string name)
    {
        await Task.Yield();
        _fields += name.Length > 0 ? 1 : 0;
    }

    [OnBody]
    public void Body(ReadOnlySpan<byte> chunk) => _fields += chunk.Length > 0 ? 0 : 1;

    [OnEom]
    public Verdict End(HeaderAdder headers)
    {
        headers.Add("X-Fields", _fields.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Verdict.Continue;
    }

    [OnAbort]
    public void GivenUp() => _fields = 0;

    [OnMessageEnd]
    public void Ended() => _fields = 0;

    [OnClose]
    public void Close() => _fields = 0;

    public ValueTask DisposeAsync() => default;
}

/// <summary>Has a mistake that no whole message shows.</summary>
[Milter]
public sealed partial class BadLoser
{
    [PerMessage]
    private string? _sender;

    [OnMail]
    public Verdict Mail() => Verdict.Continue;

    [OnEoh]
    public void Eoh(MessageEnvelope envelope) => _sender = envelope.Sender?.Address;

    [OnBody]
    public void Body(ReadOnlySpan<byte> chunk) => _sender += chunk.Length > 0 ? "" : " ";

    [OnAbort]
    public void GivenUp() => throw new InvalidOperationException($"nothing to give up: {_sender}");
}

/// <summary>Refuses everybody at once.</summary>
[Milter]
public sealed partial class NoSenders
{
    [OnMail]
    public Verdict Mail() => Verdict.Reject(550, "5.7.1", "Nobody may");

    [OnEom]
    public Verdict End() => Verdict.Accept;
}
