using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using global::Samples.Observed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Milter.Protocol;

namespace Milter.Mta.Tests;

/// <summary>Protects what a postmaster finds who has a queue id: the lines of the filter, its trace, and in the servers' own logs that it was not asked.</summary>
[Collection(nameof(OperatorTests))]
public sealed partial class OperatorTests(FailOpenFixture open) : IClassFixture<FailOpenFixture>
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    /// <summary>Gets what can be wrong with a filter, for both servers.</summary>
    public static TheoryData<MtaKind, string> Faults
    {
        get
        {
            var faults = new TheoryData<MtaKind, string>();
            foreach (MtaKind kind in new[] { MtaKind.Postfix, MtaKind.Sendmail })
            {
                foreach (string fault in new[] { "nobody listens", "hangs up at once", "hangs up at MAIL", "answers nonsense" })
                {
                    faults.Add(kind, fault);
                }
            }

            return faults;
        }
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_lines_of_a_handler_the_receipt_and_the_trace_have_the_queue_id_of_the_servers_log(MtaKind kind)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "AttrMilter",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var lines = new ScopedLines();
        await using FilterRun run = await open.RunAsync<Postmark>(
            kind, null, options => options.LogMessages = true, services => services.AddLogging().AddSingleton<ILoggerFactory>(LoggerFactory.Create(logging => logging.AddProvider(lines))));
        string to = Mail.NewAddress();
        await run.PassAsync(Mail.Message("Message-ID: <seen@example.org>\r\nSubject: hello\r\n"), to);
        await run.Filter.StopAsync();

        // The handler logs after an await.
        string line = Assert.Single(lines.Lines, static line => line.EndsWith("marked", StringComparison.Ordinal));
        Match found = QueueId().Match(line);
        Assert.True(found.Success, line);
        string queueId = found.Groups[1].Value;
        Assert.Contains($"{queueId}: ", run.Server.Log, StringComparison.Ordinal);
        Assert.Contains(lines.Lines, receipt => receipt.Contains($" {queueId}: Passed, Accept at Eom (", StringComparison.Ordinal) && receipt.Contains("edits: 1 (+X-Postmark)", StringComparison.Ordinal) && receipt.Contains($"to <{to}>", StringComparison.Ordinal));
        Activity span = Assert.Single(spans, span => (string?)span.GetTagItem("attrmilter.queue_id") == queueId);
        Assert.Equal("accept", span.GetTagItem("attrmilter.verdict"));
        Assert.Equal("127.0.0.1", span.GetTagItem("client.address") ?? "127.0.0.1");
    }

    [SkippableTheory, MemberData(nameof(Faults))]
    public async Task Mail_that_passes_its_filter_unseen_leaves_a_line_that_the_patterns_find(MtaKind kind, string fault)
    {
        MtaServer server = await open.GetAsync(kind);
        Regex[] patterns = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Observed", $"bypassed.{kind.ToString().ToLowerInvariant()}")).Select(static line => new Regex(line))];
        int before = server.Log.Length;
        using var stop = new CancellationTokenSource();
        Task filter = BreakAsync(open.PathOf(kind), fault, stop.Token);
        string to = Mail.NewAddress();
        await using (SmtpClientSession session = await server.ConnectAsync())
        {
            await session.EhloAsync();
            Assert.Equal(250, (await session.SendAsync(From, [$"<{to}>"], Mail.Message())).Code);
            await session.QuitAsync();
        }

        await server.WaitForDeliveryAsync(message => message.IsFor(to));
        await stop.CancelAsync();
        await filter;
        string[] lines = server.Log[before..].Split('\n');
        Assert.True(lines.Any(line => patterns.Any(pattern => pattern.IsMatch(line))), $"no pattern finds a line of\n{string.Join('\n', lines)}");
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Mail_that_its_filter_saw_leaves_none(MtaKind kind)
    {
        MtaServer server = await open.GetAsync(kind);
        int before = server.Log.Length;
        await using FilterRun run = await open.RunAsync<Postmark>(kind, null, services: services => services.AddLogging());
        await run.PassAsync(Mail.Message("Subject: hello\r\n"));
        Assert.Equal(550, (await run.SendAsync(Mail.NewAddress(), Mail.Message("Subject: refuse me\r\n"))).Code);

        foreach (string pattern in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Observed", $"bypassed.{kind.ToString().ToLowerInvariant()}")))
        {
            Assert.DoesNotMatch(pattern, server.Log[before..]);
        }
    }

    // A filter that does not do as it should, where the server looks for it.
    private static async Task BreakAsync(string path, string fault, CancellationToken stop)
    {
        if (fault == "nobody listens")
        {
            return;
        }

        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0x1b6);
        listener.Listen();
        try
        {
            while (true)
            {
                using Socket connection = await listener.AcceptAsync(stop);
                await AnswerAsync(connection, fault, stop);
            }
        }
        catch (OperationCanceledException)
        {
            File.Delete(path);
        }
    }

    private static async Task AnswerAsync(Socket connection, string fault, CancellationToken stop)
    {
        if (fault == "hangs up at once")
        {
            return;
        }

        var buffer = new byte[64 * 1024];
        int replies = 0;
        while (await connection.ReceiveAsync(buffer, stop) is > 0)
        {
            if (fault == "answers nonsense")
            {
                await connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop);
                return;
            }

            using var answer = new FrameBuffer();
            if (replies++ == 0)
            {
                ReplyWriter.OptNeg(answer, 6, 0, ProtocolSteps.NoConnect | ProtocolSteps.NoHelo, default);
                await connection.SendAsync(answer.WrittenSpan.ToArray(), stop);
            }
            else
            {
                return;
            }
        }
    }

    [GeneratedRegex("QueueId=(\\w+) ")]
    private static partial Regex QueueId();

    private sealed class ScopedLines : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Logger(ScopedLines owner) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => owner._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                string scope = "";
                owner._scopes.ForEachScope(
                    (one, _) => scope += one is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Concat(pairs.Select(static pair => $"{pair.Key}={pair.Value} ")) : "", 0);
                owner.Lines.Enqueue(scope + formatter(state, exception));
            }
        }
    }
}
