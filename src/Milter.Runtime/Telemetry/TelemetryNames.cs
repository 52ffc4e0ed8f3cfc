using System.Numerics;
using Milter.Message;

namespace Milter.Telemetry;

/// <summary>The names in traces and metrics, by OpenTelemetry's rules. Dashboards and alarms hold on to them: a name is never used again for something else.</summary>
internal static class TelemetryNames
{
    /// <summary>The meter, and the source of traces.</summary>
    public const string Source = "AttrMilter";

    // Attributes of spans and their events. What OpenTelemetry has a name for has that.
    public const string Milter = "attrmilter.milter";
    public const string Connection = "attrmilter.connection_id";
    public const string QueueId = "attrmilter.queue_id";
    public const string MessageId = "attrmilter.message_id";
    public const string Outcome = "attrmilter.outcome";
    public const string Verdict = "attrmilter.verdict";
    public const string Stage = "attrmilter.stage";
    public const string Waits = "attrmilter.waits";
    public const string Calls = "attrmilter.calls";
    public const string Seconds = "attrmilter.handler_seconds";

    /// <summary>Begins the attributes of edits, which end with a kind.</summary>
    public const string Edits = "attrmilter.edits.";
    public const string ClientAddress = "client.address";
    public const string ClientPort = "client.port";
    public const string ErrorType = "error.type";
    public const string ExceptionEvent = "exception";
    public const string ExceptionType = "exception.type";
    public const string ExceptionMessage = "exception.message";
    public const string ExceptionStackTrace = "exception.stacktrace";

    private static readonly string[] s_stages =
    [
        "connect", "helo", "mail", "rcpt", "rejected_rcpt", "data", "header", "eoh", "body", "eom", "unknown", "abort", "message_end", "close",
    ];

    private static readonly string[] s_verdicts = ["continue", "accept", "reject", "tempfail", "discard", "skip"];

    private static readonly string[] s_outcomes = ["passed", "refused", "discarded", "aborted", "connection_lost"];

    private static readonly string[] s_edits =
    [
        "header_add", "header_change", "header_remove", "body", "recipient_add", "recipient_remove", "sender", "quarantine", "packet",
    ];

    private static readonly string[] s_editAttributes = [.. s_edits.Select(static name => Edits + name)];

    public static string Of(MilterStages stage) => s_stages[BitOperations.TrailingZeroCount((int)stage)];

    public static string Of(VerdictKind verdict) => s_verdicts[(int)verdict];

    public static string Of(MessageOutcome outcome) => s_outcomes[(int)outcome];

    public static string Of(EditKind kind) => s_edits[(int)kind];

    public static string AttributeOf(EditKind kind) => s_editAttributes[(int)kind];

    /// <summary>Says which error an exception is: its type.</summary>
    public static string Of(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}
