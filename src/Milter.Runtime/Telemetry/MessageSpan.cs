using System.Diagnostics;
using Milter.Message;

namespace Milter.Telemetry;

/// <summary>The span of a message, from its beginning to its end. Stages are events of it with their time; what handlers start is below it.</summary>
/// <remarks>A listener that throws costs no mail.</remarks>
internal sealed class MessageSpan
{
    // A sender can have as many recipients, and so stages that take turns, as he likes.
    private const int MostEvents = 64;

    private static readonly ActivitySource s_source = new(TelemetryNames.Source, typeof(MessageSpan).Assembly.GetName().Version?.ToString(3));

    private readonly TimeProvider _time;
    private int _events;
    private int _waits;
    private (MilterStages Stage, VerdictKind Verdict)? _last;

    // What has happened at the stage at hand.
    private MilterStages _stage;
    private DateTimeOffset _since;
    private TimeSpan _spent;
    private int _calls;
    private VerdictKind? _replied;

    private MessageSpan(Activity activity, TimeProvider time) => (Activity, _time) = (activity, time);

    /// <summary>Gets a value indicating whether somebody listens.</summary>
    public static bool IsWatched => s_source.HasListeners();

    public Activity Activity { get; }

    /// <summary>Begins a span, without making it the current one.</summary>
    /// <param name="milter">The milter's name.</param>
    /// <param name="facts">What is known of the session.</param>
    /// <param name="time">The time.</param>
    /// <returns><see langword="null"/> where nobody wants this one.</returns>
    public static MessageSpan? Begin(string milter, SessionFacts facts, TimeProvider time)
    {
        if (ExecutionContext.Capture() is not { } outer)
        {
            return null;
        }

        try
        {
            Activity? activity = s_source.StartActivity($"message {milter}", ActivityKind.Server, default(ActivityContext), [new(TelemetryNames.Milter, milter)], null, time.GetUtcNow());
            if (activity is null)
            {
                return null;
            }

            var span = new MessageSpan(activity, time);
            span.Tell(TelemetryNames.Connection, facts.ConnectionId);
            span.Tell(TelemetryNames.ClientAddress, facts.Connect?.Address?.ToString());
            span.Tell(TelemetryNames.ClientPort, facts.Connect is { Port: > 0 and var port } ? port : null);
            return span;
        }
#pragma warning disable CA1031 // What a listener throws is its own affair.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
        finally
        {
            ExecutionContext.Restore(outer);
        }
    }

    /// <summary>Handlers of a stage have returned, or nobody waits for them any more.</summary>
    public void Ran(MilterStages stage, TimeSpan time)
    {
        At(stage, time);
        _spent += time;
        _calls++;
    }

    /// <summary>The MTA got its reply.</summary>
    public void Replied(MilterStages stage, VerdictKind verdict)
    {
        At(stage, TimeSpan.Zero);
        _replied = verdict;
        _last = (stage, verdict);
        _waits++;
    }

    /// <summary>Handlers threw.</summary>
    public void Failed(MilterStages stage, Exception exception)
    {
        Fail(TelemetryNames.Of(exception), $"the handler of {stage} failed: {exception.Message}");
        if (Activity.IsAllDataRequested)
        {
            Activity.AddEvent(new ActivityEvent(TelemetryNames.ExceptionEvent, _time.GetUtcNow(), new ActivityTagsCollection
            {
                [TelemetryNames.ExceptionType] = TelemetryNames.Of(exception),
                [TelemetryNames.ExceptionMessage] = exception.Message,
                [TelemetryNames.ExceptionStackTrace] = exception.ToString(),
            }));
        }
    }

    /// <summary>The time of handlers was spent.</summary>
    public void Expired(MilterStages stage) => Fail("timeout", $"the handler of {stage} has used up its time");

    /// <summary>Modifications went out.</summary>
    public void Edited(in EditCounts edits)
    {
        for (EditKind kind = 0; (int)kind < EditCounts.Kinds; kind++)
        {
            if (edits[kind] > 0)
            {
                Activity.SetTag(TelemetryNames.AttributeOf(kind), edits[kind]);
            }
        }
    }

    /// <summary>Says more of the message.</summary>
    public void Tell(string name, object? value)
    {
        if (Activity.IsAllDataRequested && value is not null)
        {
            Activity.SetTag(name, value);
        }
    }

    /// <summary>The message has its verdict: what decided is told.</summary>
    public void EndReplies()
    {
        Tell(TelemetryNames.Waits, _waits);
        if (_last is { } last)
        {
            Tell(TelemetryNames.Verdict, TelemetryNames.Of(last.Verdict));
            Tell(TelemetryNames.Stage, TelemetryNames.Of(last.Stage));
        }
    }

    /// <summary>Ends the span; called within its surroundings.</summary>
    public void End()
    {
        Flush();
        try
        {
            Activity.SetEndTime(_time.GetUtcNow().UtcDateTime);
            Activity.Stop();
        }
#pragma warning disable CA1031 // What a listener throws is its own affair.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The listener is what failed.
        }
    }

    private void Fail(string type, string description)
    {
        Activity.SetStatus(ActivityStatusCode.Error, description);
        Activity.SetTag(TelemetryNames.ErrorType, type);
    }

    private void At(MilterStages stage, TimeSpan ago)
    {
        if (stage != _stage)
        {
            Flush();
            (_stage, _since) = (stage, _time.GetUtcNow() - ago);
        }
    }

    private void Flush()
    {
        if (_stage != MilterStages.None && Activity.IsAllDataRequested && _events++ < MostEvents)
        {
            var tags = new ActivityTagsCollection { [TelemetryNames.Calls] = _calls, [TelemetryNames.Seconds] = _spent.TotalSeconds };
            if (_replied is { } verdict)
            {
                tags[TelemetryNames.Verdict] = TelemetryNames.Of(verdict);
            }

            Activity.AddEvent(new ActivityEvent(TelemetryNames.Of(_stage), _since, tags));
        }

        (_stage, _spent, _calls, _replied) = (MilterStages.None, default, 0, null);
    }
}
