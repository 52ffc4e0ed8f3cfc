using System.Diagnostics.Metrics;

namespace Milter.Telemetry;

/// <summary>What is counted, in the meter <c>AttrMilter</c>. Every instrument has the tag <c>milter</c>, the class's name.</summary>
internal static class MilterMetrics
{
    public const string MeterName = "AttrMilter";

    private static readonly Meter s_meter = new(MeterName, typeof(MilterMetrics).Assembly.GetName().Version?.ToString(3));

    private static readonly UpDownCounter<int> s_active = s_meter.CreateUpDownCounter<int>(
        "attrmilter.connections.active", "{connection}", "Connections of MTAs that are open.");

    private static readonly Counter<long> s_connections = s_meter.CreateCounter<long>(
        "attrmilter.connections", "{connection}", "Connections of MTAs that were taken; refused=true for those over the cap.");

    private static readonly Counter<long> s_messages = s_meter.CreateCounter<long>(
        "attrmilter.messages", "{message}", "Messages, by how they ended for the filter (tag outcome).");

    private static readonly Counter<long> s_faults = s_meter.CreateCounter<long>(
        "attrmilter.handler.faults", "{fault}", "Handlers that threw.");

    private static readonly Counter<long> s_expiries = s_meter.CreateCounter<long>(
        "attrmilter.handler.expiries", "{expiry}", "Handlers whose time was spent before they returned.");

    private static readonly Counter<long> s_blocks = s_meter.CreateCounter<long>(
        "attrmilter.handler.blocks", "{block}", "Times that handlers kept their thread from other work (tag handler).");

    private static readonly Counter<long> s_illegal = s_meter.CreateCounter<long>(
        "attrmilter.verdicts.illegal", "{verdict}", "Verdicts that were not legal at their stage and were replaced.");

    private static readonly Counter<long> s_limits = s_meter.CreateCounter<long>(
        "attrmilter.limits", "{time}", "Times that a limit was reached (tag limit: the option that has it).");

    private static readonly Counter<long> s_garbage = s_meter.CreateCounter<long>(
        "attrmilter.connections.garbage", "{connection}", "Connections that brought what is not the milter protocol.");

    private static readonly Counter<long> s_denied = s_meter.CreateCounter<long>(
        "attrmilter.connections.denied", "{connection}", "Connections of those who may not connect, closed before the negotiation.");

    public static void LimitReached(string milter, string limit) => s_limits.Add(1, Tag(milter), new KeyValuePair<string, object?>("limit", limit));

    public static void Garbage(string milter) => s_garbage.Add(1, Tag(milter));

    public static void ConnectionDenied(string milter) => s_denied.Add(1, Tag(milter));

    public static void ConnectionOpened(string milter, bool isRefused)
    {
        s_active.Add(1, Tag(milter));
        s_connections.Add(1, Tag(milter), new KeyValuePair<string, object?>("refused", isRefused));
    }

    public static void ConnectionClosed(string milter) => s_active.Add(-1, Tag(milter));

    public static void MessageEnded(string milter, MessageOutcome outcome)
    {
        if (s_messages.Enabled)
        {
            s_messages.Add(1, Tag(milter), new KeyValuePair<string, object?>("outcome", Name(outcome)));
        }
    }

    public static void HandlerFailed(string milter) => s_faults.Add(1, Tag(milter));

    public static void HandlerExpired(string milter) => s_expiries.Add(1, Tag(milter));

    public static void HandlerBlocked(string milter, string handler) =>
        s_blocks.Add(1, Tag(milter), new KeyValuePair<string, object?>("handler", handler));

    public static void VerdictReplaced(string milter) => s_illegal.Add(1, Tag(milter));

    private static string Name(MessageOutcome outcome) => outcome switch
    {
        MessageOutcome.Passed => "passed",
        MessageOutcome.Refused => "refused",
        MessageOutcome.Discarded => "discarded",
        MessageOutcome.Aborted => "aborted",
        _ => "connection_lost",
    };

    private static KeyValuePair<string, object?> Tag(string milter) => new("milter", milter);
}
