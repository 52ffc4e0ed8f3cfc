using Milter.Protocol;
using Milter.Tests;

namespace Milter.Client.Tests;

/// <summary>Filters that are not there, silent, gone or wrong: what went wrong is said, and nothing hangs.</summary>
public class FailureTests
{
    private static readonly byte[] s_continue = ScriptedFilter.Say(MilterReply.Continue);

    [Fact]
    public async Task Nobody_listens() =>
        Assert.Equal(MilterClientError.Refused, (await Assert.ThrowsAsync<MilterClientException>(() => MilterConnection.OpenAsync("unix:/nonexistent/filter.sock"))).Error);

    [Theory]
    [InlineData("9199@localhost")]
    [InlineData("inet:25:10025")]
    [InlineData("unix:")]
    [InlineData("inet:0@localhost")]
    [InlineData("fd:3")]
    public async Task An_address_that_could_mean_anything_is_refused(string text) =>
        await Assert.ThrowsAsync<MilterEndPointException>(() => MilterConnection.OpenAsync(text));

    [Fact]
    public async Task A_silent_filter_times_out_at_its_step()
    {
        // Time stands until the filter has been asked.
        var time = new ManualTime();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Mail && asked.TrySetResult() ? [] : s_continue);
        await using var client = new MilterClient(filter.EndPoint, new MilterClientOptions { TimeProvider = time });
        Task<MilterOutcome> sending = client.FilterAsync(Mail.Session(), Mail.Message());
        await asked.Task;
        while (!sending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(sending, Task.Delay(1));
        }

        MilterClientException failure = await Assert.ThrowsAsync<MilterClientException>(() => sending);
        Assert.Equal((MilterClientError.Timeout, MilterCommand.Mail), (failure.Error, failure.Step!.Value));
        Assert.InRange(time.Elapsed, MilterTimeouts.Postfix.Command, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_filter_that_hangs_up_is_named_with_the_step()
    {
        MilterClientException failure = await FailAsync(command => command == MilterCommand.EndOfHeaders ? null : s_continue);

        Assert.Equal((MilterClientError.Closed, MilterCommand.EndOfHeaders), (failure.Error, failure.Step!.Value));
    }

    [Theory]
    [InlineData(MilterCommand.Mail, 'h', "X-A\0b\0")]
    [InlineData(MilterCommand.EndOfMessage, 'h', "no nul")]
    [InlineData(MilterCommand.EndOfMessage, 'Z', "")]
    [InlineData(MilterCommand.Rcpt, 'y', "250 2.0.0 fine\0")]
    [InlineData(MilterCommand.Rcpt, 'y', "550 4.1.1 class\0")]
    [InlineData(MilterCommand.Helo, 'c', "payload")]
    [InlineData(MilterCommand.Data, '4', "")]
    public async Task What_the_protocol_does_not_allow_is_shown(MilterCommand at, char code, string payload)
    {
        MilterClientException failure = await FailAsync(command => command == at ? ScriptedFilter.Raw(code, payload) : s_continue);

        Assert.Equal((MilterClientError.Protocol, at), (failure.Error, failure.Step!.Value));
        Assert.Equal((byte)code, failure.Received.Span[0]);
    }

    [Fact]
    public async Task Two_verdicts_for_one_command_are_found_before_they_shift_all_later_ones()
    {
        MilterClientException failure = await FailAsync(command => command == MilterCommand.Mail ? [.. s_continue, .. s_continue] : s_continue);

        Assert.Equal((MilterClientError.Protocol, MilterCommand.Rcpt), (failure.Error, failure.Step!.Value));
    }

    [Theory]
    [InlineData("Postfix", true)]
    [InlineData("Sendmail", false)]
    public async Task A_new_body_in_two_places_breaks_Postfix_alone(string mta, bool breaks)
    {
        byte[] answer = [.. ScriptedFilter.Raw('b', "one\r\n"), .. ScriptedFilter.Raw('h', "X-A\0b\0"), .. ScriptedFilter.Raw('b', "two\r\n"), .. s_continue];
        Func<MilterCommand, byte[]?> script = command => command == MilterCommand.EndOfMessage ? answer : s_continue;
        if (breaks)
        {
            Assert.Equal(MilterClientError.Protocol, (await FailAsync(script, mta)).Error);
            return;
        }

        await using var filter = new ScriptedFilter(script);
        await using var client = new MilterClient(filter.EndPoint, new MilterClientOptions { Personality = ConversationTests.Named(mta) });
        Assert.Equal("one\r\ntwo\r\n", WireText.GetString((await client.FilterAsync(Mail.Session(), Mail.Message())).Result.Content.Body.Span));
    }

    [Theory]
    [InlineData("Postfix", true)]
    [InlineData("Sendmail", false)]
    public async Task Progress_before_the_end_breaks_Sendmail_alone(string mta, bool passes)
    {
        byte[] answer = [.. ScriptedFilter.Say(MilterReply.Progress), .. s_continue];
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Mail ? answer : s_continue);
        await using var client = new MilterClient(filter.EndPoint, new MilterClientOptions { Personality = ConversationTests.Named(mta) });
        Task<MilterOutcome> sending = client.FilterAsync(Mail.Session(), Mail.Message());

        if (passes)
        {
            Assert.True((await sending).IsDelivered);
        }
        else
        {
            Assert.Equal(MilterClientError.Protocol, (await Assert.ThrowsAsync<MilterClientException>(() => sending)).Error);
        }
    }

    [Fact]
    public async Task Actions_that_were_not_agreed_on_are_done_and_complained_about()
    {
        byte[] answer = [.. ScriptedFilter.Raw('h', "X-A\0b\0"), .. s_continue];
        await using var filter = new ScriptedFilter(command => command == MilterCommand.EndOfMessage ? answer : s_continue, ScriptedFilter.Agree(actions: 0));
        await using var client = new MilterClient(filter.EndPoint);

        MilterOutcome outcome = await client.FilterAsync(Mail.Session(), Mail.Message());

        Assert.Equal("b", outcome.Result.Content["X-A"]);
        Assert.Contains("AddHeaders", Assert.Single(outcome.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_the_negotiation_that_takes_more_than_is_offered_is_refused()
    {
        await using var filter = new ScriptedFilter(_ => s_continue, ScriptedFilter.Agree(actions: (MilterActions)0x200));

        Assert.Equal(MilterClientError.Protocol, (await Assert.ThrowsAsync<MilterClientException>(() => MilterConnection.OpenAsync(filter.EndPoint))).Error);
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting_and_the_connection()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var filter = new ScriptedFilter(_ => asked.TrySetResult() ? [] : null);
        await using MilterConnection connection = await MilterConnection.OpenAsync(filter.EndPoint);
        using var source = new CancellationTokenSource();

        Task waiting = connection.ConnectAsync(Mail.Session(), source.Token);
        await asked.Task;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.False(connection.IsUsable);
    }

    private static async Task<MilterClientException> FailAsync(Func<MilterCommand, byte[]?> script, string mta = "Postfix")
    {
        MtaPersonality personality = ConversationTests.Named(mta);
        TimeSpan patience = TimeSpan.FromMinutes(1);
        await using var filter = new ScriptedFilter(script);
        await using var client = new MilterClient(
            filter.EndPoint, new MilterClientOptions { Personality = personality, Timeouts = new MilterTimeouts(patience, patience, patience, Timeout.InfiniteTimeSpan) });
        return await Assert.ThrowsAsync<MilterClientException>(() => client.FilterAsync(Mail.Session(), Mail.Message()));
    }
}
