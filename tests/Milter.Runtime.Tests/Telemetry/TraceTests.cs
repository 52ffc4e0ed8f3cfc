using System.Collections.Concurrent;
using System.Diagnostics;
using Milter.Protocol;
using Milter.Runtime.Tests.Transport;
using Milter.Tests;

namespace Milter.Runtime.Tests.Telemetry;

/// <summary>Protects what somebody sees who looks for a message in a trace.</summary>
[Collection(Listening.Name)]
public sealed partial class TraceTests : IDisposable
{
    private static readonly ActivitySource s_own = new("AttrMilter.Tests.Handlers");

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "AttrMilter" or "AttrMilter.Tests.Handlers",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_message_is_a_span_with_its_stages_as_events_and_what_handlers_start_below_it()
    {
        await using MilterServer server = await MilterServer.StartAsync<TracedFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SayAsync(MetricsTests.Connecting, 1);
        for (int i = 0; i < 2; i++)
        {
            await mta.SayAsync(
                Mta.Frames(frames =>
                {
                    CommandWriter.Macros(frames, MilterCommand.Mail, [KeyValuePair.Create("i", $"4ABC{i}")]);
                    CommandWriter.Mail(frames, "<a@example.org>");
                    CommandWriter.Rcpt(frames, "<b@example.org>");
                    CommandWriter.Header(frames, "Message-ID", "<1@example.org>");
                    CommandWriter.Header(frames, "Subject", "test");
                    CommandWriter.EndOfMessage(frames);
                }),
                3);
        }

        await mta.SendAsync(Mta.Quit);
        await mta.ReadToEndAsync();
        await server.StopAsync();

        Activity[] messages = [.. _ended.Where(static span => span.Source.Name == "AttrMilter")];
        Activity message = messages.First(static span => (string?)span.GetTagItem("attrmilter.queue_id") == "4ABC0");
        Assert.Equal("message TracedFilter", message.DisplayName);
        Assert.Equal(ActivityKind.Server, message.Kind);
        Assert.Null(message.ParentId);
        Assert.Equal(ActivityStatusCode.Unset, message.Status);
        Assert.Equal(
            [
                "attrmilter.connection_id=c", "attrmilter.edits.header_add=1", "attrmilter.message_id=<1@example.org>", "attrmilter.milter=TracedFilter", "attrmilter.outcome=refused",
                "attrmilter.queue_id=4ABC0", "attrmilter.stage=eom", "attrmilter.verdict=reject", "attrmilter.waits=2", "client.address=192.0.2.1", "client.port=25",
            ],
            message.TagObjects.Select(static tag => $"{tag.Key}={(tag.Key == "attrmilter.connection_id" ? "c" : tag.Value)}").Order(StringComparer.Ordinal));
        Assert.Equal(["mail 1 ", "rcpt 1 continue", "header 2 ", "eom 1 reject"], message.Events.Select(static e => $"{e.Name} {Tag(e, "attrmilter.calls")} {Tag(e, "attrmilter.verdict")}"));
        Assert.All(message.Events, e => Assert.InRange(e.Timestamp, new DateTimeOffset(message.StartTimeUtc).AddMilliseconds(-1), DateTimeOffset.UtcNow));

        // Of an asynchronous handler, after it went on elsewhere, too.
        Activity[] below = [.. _ended.Where(span => span.Source.Name != "AttrMilter" && span.TraceId == message.TraceId)];
        Assert.Equal(["first", "second"], below.Select(static span => span.DisplayName));
        Assert.All(below, span => Assert.Equal(message.SpanId, span.ParentSpanId));
        Assert.Equal(messages.Length, messages.Select(static span => span.TraceId).Distinct().Count());
        Assert.Null(Activity.Current);

        static string Tag(ActivityEvent e, string name) => $"{e.Tags.FirstOrDefault(tag => tag.Key == name).Value}";
    }

    [Fact]
    public async Task A_fault_is_an_error_of_the_span_and_says_what_was_thrown()
    {
        await using MilterServer server = await MilterServer.StartAsync<MetricsTests.FailingFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SayAsync(MetricsTests.Negotiating, 1);
        await mta.SayAsync(Mta.Frames(CommandWriter.EndOfMessage), 1);
        await mta.SendAsync(Mta.Quit);
        await mta.ReadToEndAsync();
        await server.StopAsync();

        Activity message = Assert.Single(_ended, static span => span.DisplayName == "message FailingFilter");
        Assert.Equal(ActivityStatusCode.Error, message.Status);
        Assert.Equal("the handler of Eom failed: no", message.StatusDescription);
        Assert.Equal("System.FormatException", message.GetTagItem("error.type"));
        ActivityEvent thrown = Assert.Single(message.Events, static e => e.Name == "exception");
        Assert.Contains(thrown.Tags, static tag => tag is { Key: "exception.message", Value: "no" });
    }

    [Fact]
    public async Task What_is_measured_leads_to_the_span()
    {
        using var meter = new MeterLog();
        await using MilterServer server = await MilterServer.StartAsync<MetricsTests.WatchedFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SayAsync([.. MetricsTests.Connecting, .. Mta.Mail, .. Mta.Rcpt], 4);
        await mta.SendAsync(Mta.Quit);
        await mta.ReadToEndAsync();
        await server.StopAsync();

        Activity message = Assert.Single(_ended, static span => span.DisplayName == "message WatchedFilter");
        Assert.Equal(message.SpanId, meter.Spans["attrmilter.handler.duration mail"]);
        Assert.Equal(message.SpanId, meter.Spans["attrmilter.handler.duration rcpt"]);
        Assert.Equal(message.SpanId, meter.Spans["attrmilter.wait.duration rcpt"]);
        Assert.DoesNotContain("attrmilter.handler.duration connect", meter.Spans.Keys);
    }

    [Fact]
    public async Task A_listener_that_throws_costs_no_mail()
    {
        using var broken = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "AttrMilter",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = static _ => throw new InvalidOperationException(),
            ActivityStopped = static _ => throw new InvalidOperationException(),
        };
        ActivitySource.AddActivityListener(broken);
        await using MilterServer server = await MilterServer.StartAsync<TracedFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("O", await mta.SayAsync(MetricsTests.Negotiating, 1));
        Assert.Equal("cir", await mta.SayAsync(Mta.Frames(frames =>
        {
            CommandWriter.Rcpt(frames, "<b@example.org>");
            CommandWriter.EndOfMessage(frames);
        }), 3));
    }

    [Fact]
    public void Every_attribute_stands_in_the_documentation_and_the_other_way_round()
    {
        string[] documented = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Docs", "options.md"))
            .SkipWhile(static line => line != "### Traces")
            .TakeWhile(static line => line != "### Health")
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1])
            .Order(StringComparer.Ordinal)];
        Assert.Equal(
            typeof(Milter.Telemetry.TelemetryNames).GetFields().Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!)
                .Where(static name => name.Contains('.', StringComparison.Ordinal))
                .Select(static name => name.EndsWith('.') ? $"{name}<kind>" : name)
                .Order(StringComparer.Ordinal),
            documented);
    }

    [Milter]
    internal sealed partial class TracedFilter
    {
        [OnMail]
        private static void From(EnvelopeAddress sender, ConnectInfo? client) => _ = sender.Raw + client;

        [OnRcpt]
        private static async Task<Verdict> To(EnvelopeAddress recipient)
        {
            _ = recipient.Raw;
            using (s_own.StartActivity("first"))
            {
                await Task.Yield();
            }

            await Task.Delay(1);
            using (s_own.StartActivity("second"))
            {
                return Verdict.Continue;
            }
        }

        [OnHeader]
        private static void Header(HeaderField field) => _ = field.Value.Length;

        [OnEom]
        private static Verdict End(HeaderEditor headers)
        {
            headers.Append("X-Traced", "yes");
            return Verdict.Reject();
        }
    }
}
