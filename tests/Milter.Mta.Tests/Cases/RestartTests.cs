using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Milter.Mta.Tests;

/// <summary>Protects mail from whatever becomes of the filter's process while a real Postfix sends: what was acknowledged is delivered, what is delivered was filtered.</summary>
/// <remarks>
/// Short by default. The long forms: <c>ATTRMILTER_KILL_MESSAGES=5000</c> (a kill for each 500 messages, two at least), <c>ATTRMILTER_RESTARTS=20</c> (40 messages for each).
/// </remarks>
[Collection(nameof(RestartTests))]
public sealed class RestartTests(CaseFixture fixture, ITestOutputHelper output) : IClassFixture<CaseFixture>
{
    private const int Senders = 4;

    private const string From = "<sender@example.org>";

    private readonly ConcurrentQueue<Sent> _sent = new();

    [SkippableFact]
    public async Task A_filter_that_is_killed_loses_no_message_and_lets_none_pass()
    {
        int messages = Length("ATTRMILTER_KILL_MESSAGES", 160), kills = Math.Max(2, messages / 500);
        MtaServer server = await fixture.GetAsync(MtaKind.Postfix);
        await using ServedFilter filter = await ServedFilter.StartAsync(fixture.Folder.SocketPath($"{MtaKind.Postfix}.sock"));

        await LoadAsync(server, filter, messages, kills, _ =>
        {
            filter.Signal(ServedFilter.Sigkill);
            return Task.CompletedTask;
        });

        await CheckDeliveriesAsync(server);
        output.WriteLine($"{kills} kills in {messages} messages: {_sent.Count(one => one.Code == 250)} acknowledged and delivered, {_sent.Count(one => one.Code != 250)} put off, none unfiltered");
        Assert.All(_sent, one => Assert.True(one.Code is 250 or (>= 400 and < 500), $"{one.Reply}"));
    }

    [SkippableFact]
    public async Task A_restart_puts_off_messages_of_open_sessions_alone()
    {
        int restarts = Length("ATTRMILTER_RESTARTS", 3), messages = 40 * restarts;
        MtaServer server = await fixture.GetAsync(MtaKind.Postfix);
        await using ServedFilter filter = await ServedFilter.StartAsync(fixture.Folder.SocketPath($"{MtaKind.Postfix}.sock"));
        var drains = new ConcurrentQueue<(long Began, long Ended)>();

        await LoadAsync(server, filter, messages, restarts, async _ =>
        {
            int id = filter.Id;
            long began = Stopwatch.GetTimestamp();
            filter.Signal(ServedFilter.Sigterm);
            await ServedFilter.WaitForEndAsync(id);
            drains.Enqueue((began, Stopwatch.GetTimestamp()));
        });

        await CheckDeliveriesAsync(server);
        Sent[] putOff = [.. _sent.Where(one => one.Code != 250)];
        output.WriteLine($"{restarts} restarts in {messages} messages: {messages - putOff.Length} acknowledged and delivered, {putOff.Length} put off, all of sessions that were open at a stop; none unfiltered, no connection refused");
        Assert.All(putOff, one => Assert.True(
            one.Code is >= 400 and < 500 && drains.Any(drain => one.Connected < drain.Ended && one.Replied > drain.Began), $"{one.Reply} to a session that was not open when a drain began"));
        Assert.DoesNotContain("Connection refused", server.Log, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_reload_in_the_middle_of_100_messages_cuts_none()
    {
        MtaServer server = await fixture.GetAsync(MtaKind.Postfix);
        await using ServedFilter filter = await ServedFilter.StartAsync(fixture.Folder.SocketPath($"{MtaKind.Postfix}.sock"), "--Milter:OnHangup=Reload");
        int first = 0;

        await LoadAsync(server, filter, 100, 1, _ =>
        {
            first = filter.Id;
            filter.Signal(ServedFilter.Sighup);
            return Task.CompletedTask;
        });

        Assert.All(_sent, one => Assert.True(one.Code == 250, one.Reply));
        await CheckDeliveriesAsync(server);
        Assert.Equal(first, filter.Id);
    }

    private static int Length(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int length) ? length : otherwise;

    // Disturbs at equal distances. Every fourth session has two messages.
    private async Task LoadAsync(MtaServer server, ServedFilter filter, int messages, int disturbances, Func<int, Task> disturb)
    {
        int taken = 0;

        // The first starts the filter.
        await SendAsync(server, 1);
        Assert.True(_sent.Single().Code == 250, $"{_sent.Single().Reply}\n{string.Join('\n', filter.Said.Entries)}\n{server.LogTail}");
        Task senders = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            int number;
            while ((number = Interlocked.Increment(ref taken)) < messages)
            {
                await SendAsync(server, number % 4 == 0 && Interlocked.Increment(ref taken) < messages ? 2 : 1);
            }
        })));
        for (int i = 1; i <= disturbances; i++)
        {
            int at = i * messages / (disturbances + 1);
            while (_sent.Count < at && !senders.IsCompleted)
            {
                await Task.Delay(1);
            }

            await disturb(i);
        }

        await senders;
        Assert.Equal(messages, _sent.Count);
    }

    private async Task SendAsync(MtaServer server, int messages)
    {
        long connected = Stopwatch.GetTimestamp();
        await using SmtpClientSession session = await server.ConnectAsync();
        SmtpReply? last = session.Greeting;
        for (int i = 0; i < messages; i++)
        {
            string to = Mail.NewAddress();
            if (last?.Code is 421)
            {
                // Put off with the one before it.
                _sent.Enqueue(new Sent(to, last.Code, last.ToString(), connected, Stopwatch.GetTimestamp()));
                continue;
            }

            if (i == 0)
            {
                last = await session.CommandAsync("EHLO client.example.org");
            }

            last = last!.IsPositive ? await session.SendAsync(From, [$"<{to}>"], Mail.Bytes(Mail.Message(body: new string('x', 20_000 * (i % 2)) + "\r\n"))) : last;
            _sent.Enqueue(new Sent(to, last.Code, last.ToString(), connected, Stopwatch.GetTimestamp()));
            if (last.Code is >= 400 and < 500 and not 421)
            {
                last = await session.CommandAsync("RSET");
            }
        }
    }

    private async Task CheckDeliveriesAsync(MtaServer server)
    {
        Dictionary<string, Sent> sent = _sent.ToDictionary(one => one.To);
        int acknowledged = sent.Values.Count(one => one.Code == 250);
        Assert.True(await Deadline.UntilAsync(() => Ours().Count() >= acknowledged), $"{Ours().Count()} of {acknowledged} were delivered");
        SinkMessage[] delivered = [.. Ours()];
        string[] unfiltered = [.. delivered.Where(message => message.HeaderValues("X-Milter").Count != 1).Select(message => message.Text)];
        Assert.Empty(unfiltered);
        Assert.Equal(
            sent.Values.Where(one => one.Code == 250).Select(one => one.To).Order(),
            delivered.SelectMany(message => message.Recipients.Select(recipient => recipient.Address)).Order());

        IEnumerable<SinkMessage> Ours() => server.Sink.Messages.Where(message => message.Recipients.Any(recipient => sent.ContainsKey(recipient.Address)));
    }

    private sealed record Sent(string To, int Code, string Reply, long Connected, long Replied);
}
