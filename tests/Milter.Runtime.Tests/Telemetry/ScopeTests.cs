using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Milter.Hosting;
using Milter.Protocol;
using Milter.Runtime.Tests.Hosting;
using Milter.Runtime.Tests.Transport;
using Milter.Tests;

namespace Milter.Runtime.Tests.Telemetry;

/// <summary>Protects that each line of a handler's own says to which message it belongs.</summary>
[Collection(Listening.Name)]
public sealed partial class ScopeTests
{
    [Fact]
    public async Task Lines_of_handlers_have_connection_and_queue_id_with_the_stock_console_also_after_an_await()
    {
        TextWriter before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(output));
        try
        {
            using IHost host = HostTests.Build(
                services => services.AddMilter<TalkingFilter>("inet:0@localhost").AddLogging(static logging => logging.AddSimpleConsole(static console =>
                {
                    console.IncludeScopes = true;
                    console.SingleLine = true;
                    console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
                })));
            await host.StartAsync();
            await PlayAsync(host);
            await host.StopAsync();
        }
        finally
        {
            Console.SetOut(before);
        }

        string[] lines = [.. output.ToString().Split('\n').Where(static line => line.Contains("TalkingFilter[", StringComparison.Ordinal) && line.Contains("said:", StringComparison.Ordinal))];
        Assert.Collection(
            lines,
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} said: connect$", line),
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} QueueId:4ABC0 said: eom$", line),
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} QueueId:4ABC0 said: after an await$", line),
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} QueueId:4ABC0 said: end$", line),
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} QueueId:4ABC1 said: eom$", line),
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} QueueId:4ABC1 said: after an await$", line),
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} QueueId:4ABC1 said: end$", line),
            static line => Assert.Matches(@"=> Connection:[0-9a-z]{8} said: close$", line));
    }

    [Theory]
    [InlineData("Information", "Information", true)]
    [InlineData("Warning", "Information", false)]
    [InlineData("Warning", "Warning", true)]
    [InlineData("Information", "None", false)]
    public async Task There_is_a_scope_where_the_log_is_written_at_the_level_of_LogScopes(string written, string option, bool hasScope)
    {
        var log = new ScopeLog();
        using IHost host = HostTests.Build(
            services => services.AddMilter<TalkingFilter>("inet:0@localhost").AddLogging(logging => logging.SetMinimumLevel(Enum.Parse<LogLevel>(written)).AddProvider(log)),
            ("Milter:LogScopes", option));
        await host.StartAsync();
        await PlayAsync(host);
        await host.StopAsync();

        Assert.Equal(hasScope, !log.Scopes.IsEmpty);
        Assert.All(log.Scopes, static scope => Assert.Equal("Connection", scope[0].Key));
        Assert.Equal(hasScope ? log.Scopes.Count : 0, log.Ended);
    }

    [Fact]
    public void Without_a_host_lines_of_handlers_begin_with_them_and_those_of_the_engine_are_as_they_were()
    {
        using var output = new StringWriter();
        using var logging = new ConsoleLogging(output, new ManualTime());
        ILogger handlers = logging.CreateLogger("My.Filter"), engine = logging.CreateLogger("Milter.MyFilter");
        using (engine.BeginScope(new Milter.Telemetry.HandlerScope("c7") { QueueId = "4ABC" }))
        {
            Say(handlers, "one");
            Say(engine, "two");
        }

        Say(handlers, "three");
        Assert.Equal(
            ["2026-01-01T00:00:00.000Z info Connection:c7 QueueId:4ABC: said: one", "2026-01-01T00:00:00.000Z info said: two", "2026-01-01T00:00:00.000Z info said: three"],
            output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void For_the_journal_a_line_begins_with_its_level_and_has_no_time()
    {
        using var output = new StringWriter();
        using var logging = new ConsoleLogging(output, new ManualTime(), isJournal: true);
        Say(logging.CreateLogger("any"), "one\ntwo");
        Assert.Equal("<6>said: one | two" + Environment.NewLine, output.ToString());
    }

    [Theory]
    [InlineData("8:12345", "socket:[12345]", true)]
    [InlineData("8:12345", "socket:[1234]", false)]
    [InlineData("8:12345", "pipe:[12345]", false)]
    [InlineData("8:12345", "/var/log/filter", false)]
    [InlineData("8:12345", null, false)]
    [InlineData("8:", "socket:[]", false)]
    [InlineData(null, "socket:[12345]", false)]
    public void The_error_stream_is_the_journals_where_systemd_says_so_and_it_was_not_led_elsewhere(string? told, string? link, bool isJournal) =>
        Assert.Equal(isJournal, ConsoleLogging.IsJournal(told, link));

    private static async Task PlayAsync(IHost host)
    {
        MilterHealth health = host.Services.GetRequiredService<MilterHealth>();
        using Mta mta = await Mta.ConnectAsync(health.EndPoint!);
        await mta.SayAsync(MetricsTests.Connecting, 2);
        for (int i = 0; i < 2; i++)
        {
            await mta.SayAsync(
                Mta.Frames(frames =>
                {
                    CommandWriter.Macros(frames, MilterCommand.EndOfMessage, [KeyValuePair.Create("i", $"4ABC{i}")]);
                    CommandWriter.EndOfMessage(frames);
                }),
                1);
        }

        await mta.SendAsync(Mta.Quit);
        await mta.ReadToEndAsync();
    }

    [LoggerMessage(1, LogLevel.Warning, "said: {What}")]
    private static partial void SayWarning(ILogger logger, string what);

    [LoggerMessage(2, LogLevel.Information, "said: {What}")]
    private static partial void Say(ILogger logger, string what);

    [Milter]
    internal sealed partial class TalkingFilter(ILogger<TalkingFilter> logger)
    {
        [OnConnect]
        private Verdict Connect()
        {
            SayWarning(logger, "connect");
            return Verdict.Continue;
        }

        [OnEom]
        private async Task<Verdict> End()
        {
            SayWarning(logger, "eom");
            await Task.Yield();
            SayWarning(logger, "after an await");
            return Verdict.Continue;
        }

        [OnMessageEnd]
        private void Ended(MessageOutcome outcome) => SayWarning(logger, outcome == MessageOutcome.Passed ? "end" : "lost");

        [OnClose]
        private void Close() => SayWarning(logger, "close");
    }

    /// <summary>A log that keeps scopes by itself.</summary>
    private sealed class ScopeLog : ILoggerProvider, ILogger
    {
        private int _ended;

        public ConcurrentQueue<IReadOnlyList<KeyValuePair<string, object?>>> Scopes { get; } = new();

        public int Ended => _ended;

        public ILogger CreateLogger(string categoryName) => categoryName == "Milter.TalkingFilter" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Scopes.Enqueue((IReadOnlyList<KeyValuePair<string, object?>>)state);
            return new Scope(this);
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }

        private sealed class Scope(ScopeLog log) : IDisposable
        {
            public void Dispose() => Interlocked.Increment(ref log._ended);
        }
    }
}
