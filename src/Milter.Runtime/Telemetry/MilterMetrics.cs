using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Milter.Limits;
using Milter.Message;

namespace Milter.Telemetry;

/// <summary>What is measured, in the meter <c>AttrMilter</c>. What belongs to a milter has the tag <c>milter</c>, the class's name.</summary>
internal static class MilterMetrics
{
    private static readonly Meter s_meter = new(TelemetryNames.Source, typeof(MilterMetrics).Assembly.GetName().Version?.ToString(3));

    // From what a handler takes that only looks to what a budget allows.
    private static readonly InstrumentAdvice<double> s_times = new()
    {
        HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    private static readonly Histogram<double> s_handler = s_meter.CreateHistogram(
        "attrmilter.handler.duration", "s", "How long the handlers of a stage took (tag stage).", null, s_times);

    private static readonly Histogram<double> s_wait = s_meter.CreateHistogram(
        "attrmilter.wait.duration", "s", "How long MTAs waited for a reply, from when the command could be read (tag stage; eom is the end of a message in all).", null, s_times);

    private static readonly Counter<long> s_verdicts = s_meter.CreateCounter<long>(
        "attrmilter.verdicts", "{verdict}", "Verdicts that MTAs were told (tags stage, verdict).");

    private static readonly Counter<long> s_edits = s_meter.CreateCounter<long>(
        "attrmilter.edits", "{edit}", "Modifications of messages that MTAs were told (tag kind).");

    private static readonly Counter<long> s_io = s_meter.CreateCounter<long>(
        "attrmilter.network.io", "By", "Bytes from MTAs and to them (tag network.io.direction).");

    private static readonly Counter<long> s_connections = s_meter.CreateCounter<long>(
        "attrmilter.connections", "{connection}", "Connections on which an MTA has said more than the negotiation; refused=true for those over the cap.");

    private static readonly Counter<long> s_messages = s_meter.CreateCounter<long>(
        "attrmilter.messages", "{message}", "Messages, by how they ended for the filter (tag outcome).");

    private static readonly Counter<long> s_faults = s_meter.CreateCounter<long>(
        "attrmilter.handler.faults", "{fault}", "Handlers that threw (tags stage, error.type).");

    private static readonly Counter<long> s_expiries = s_meter.CreateCounter<long>(
        "attrmilter.handler.expiries", "{expiry}", "Handlers whose time was spent before they returned (tag stage).");

    private static readonly Counter<long> s_blocks = s_meter.CreateCounter<long>(
        "attrmilter.handler.blocks", "{block}", "Times that handlers kept their thread from other work (tag handler).");

    private static readonly Counter<long> s_illegal = s_meter.CreateCounter<long>(
        "attrmilter.verdicts.illegal", "{verdict}", "Verdicts that were not legal at their stage and were replaced.");

    private static readonly Counter<long> s_limits = s_meter.CreateCounter<long>(
        "attrmilter.limits", "{time}", "Times that a limit was reached (tag limit: the option that has it).");

    private static readonly Counter<long> s_garbage = s_meter.CreateCounter<long>(
        "attrmilter.connections.garbage", "{connection}", "Connections that brought what is not the milter protocol (tag error.type).");

    private static readonly Counter<long> s_denied = s_meter.CreateCounter<long>(
        "attrmilter.connections.denied", "{connection}", "Connections of those who may not connect, closed before the negotiation.");

    // Those that listen. Asked when somebody wants to know, so that the number is true whenever that is.
    private static readonly ConcurrentDictionary<MilterHealth, ProcessLimits> s_running = Observe();

    private static readonly KeyValuePair<string, object?> s_received = new("network.io.direction", "receive"), s_sent = new("network.io.direction", "transmit");

    /// <summary>Gets a value indicating whether somebody listens to what is measured by the message and not by the event.</summary>
    public static bool AreWatched => s_handler.Enabled || s_wait.Enabled || s_verdicts.Enabled || s_edits.Enabled || s_io.Enabled;

    /// <summary>Gets a value indicating whether somebody listens to <see cref="MessageEnded"/>.</summary>
    public static bool AreMessagesWatched => s_messages.Enabled;

    /// <summary>A milter listens: what can be asked of it is told from now on.</summary>
    public static void Started(MilterHealth health, ProcessLimits limits) => s_running[health] = limits;

    public static void Stopped(MilterHealth health) => s_running.TryRemove(health, out _);

    public static void HandlersRan(string milter, MilterStages stage, TimeSpan time) => s_handler.Record(time.TotalSeconds, Tag(milter), Tag(stage));

    public static void Replied(string milter, MilterStages stage, VerdictKind verdict, TimeSpan waited)
    {
        s_wait.Record(waited.TotalSeconds, Tag(milter), Tag(stage));
        s_verdicts.Add(1, Tag(milter), Tag(stage), new KeyValuePair<string, object?>("verdict", TelemetryNames.Of(verdict)));
    }

    public static void Edited(string milter, in EditCounts edits)
    {
        for (EditKind kind = 0; (int)kind < EditCounts.Kinds; kind++)
        {
            if (edits[kind] > 0)
            {
                s_edits.Add(edits[kind], Tag(milter), new KeyValuePair<string, object?>("kind", TelemetryNames.Of(kind)));
            }
        }
    }

    public static void Transferred(string milter, long received, long sent)
    {
        s_io.Add(received, Tag(milter), s_received);
        s_io.Add(sent, Tag(milter), s_sent);
    }

    public static void LimitReached(string milter, string limit) => s_limits.Add(1, Tag(milter), new KeyValuePair<string, object?>("limit", limit));

    public static void Garbage(string milter, string kind) => s_garbage.Add(1, Tag(milter), new KeyValuePair<string, object?>(TelemetryNames.ErrorType, kind));

    public static void ConnectionDenied(string milter) => s_denied.Add(1, Tag(milter));

    public static void ConnectionUsed(string milter, bool isRefused)
    {
        if (s_connections.Enabled)
        {
            s_connections.Add(1, Tag(milter), new KeyValuePair<string, object?>("refused", isRefused));
        }
    }

    public static void MessageEnded(string milter, MessageOutcome outcome) =>
        s_messages.Add(1, Tag(milter), new KeyValuePair<string, object?>("outcome", TelemetryNames.Of(outcome)));

    public static void HandlerFailed(string milter, MilterStages stage, Exception exception) =>
        s_faults.Add(1, Tag(milter), Tag(stage), new KeyValuePair<string, object?>(TelemetryNames.ErrorType, TelemetryNames.Of(exception)));

    public static void HandlerExpired(string milter, MilterStages stage) => s_expiries.Add(1, Tag(milter), Tag(stage));

    public static void HandlerBlocked(string milter, string handler) =>
        s_blocks.Add(1, Tag(milter), new KeyValuePair<string, object?>("handler", handler));

    public static void VerdictReplaced(string milter) => s_illegal.Add(1, Tag(milter));

    private static ConcurrentDictionary<MilterHealth, ProcessLimits> Observe()
    {
        var running = new ConcurrentDictionary<MilterHealth, ProcessLimits>();
        s_meter.CreateObservableUpDownCounter(
            "attrmilter.connections.active", () => Of(static health => health.Connections, static all => all.Sum()), "{connection}", "Connections that are open.");
        s_meter.CreateObservableGauge(
            "attrmilter.healthy", () => Of(static health => health.IsHealthy ? 1 : 0, static all => all.Min()), "{milter}", "1 while the milter listens, has been offered what it requires and is asked; otherwise 0.");
        s_meter.CreateObservableUpDownCounter(
            "attrmilter.handlers.late", () => Sum(static limits => limits.Late.Count), "{handler}", "Handlers that have not returned although their time is up, of the process.");
        s_meter.CreateObservableUpDownCounter(
            "attrmilter.memory.usage", () => Sum(static limits => limits.Memory.Used), "By", "Bytes of MemoryBudget that are in use, of the process.");
        s_meter.CreateObservableUpDownCounter(
            "attrmilter.spool.usage", () => Sum(static limits => limits.Spool.Used), "By", "Bytes in temporary files, of the process.");
        s_meter.CreateObservableCounter(
            "attrmilter.spool.io", () => Sum(static limits => limits.Spool.Total), "By", "Bytes that were written to temporary files, of the process.");
        return running;

        // Of several servers of one class there is one number.
        IEnumerable<Measurement<int>> Of(Func<MilterHealth, int> value, Func<IEnumerable<int>, int> join) =>
            running.Keys.GroupBy(static health => health.Name).Select(group => new Measurement<int>(join(group.Select(value)), Tag(group.Key)));

        long Sum(Func<ProcessLimits, long> value) => running.Values.Distinct().Sum(value);
    }

    private static KeyValuePair<string, object?> Tag(string milter) => new("milter", milter);

    private static KeyValuePair<string, object?> Tag(MilterStages stage) => new("stage", TelemetryNames.Of(stage));
}
