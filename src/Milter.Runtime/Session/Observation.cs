using Microsoft.Extensions.Logging;
using Milter.Message;
using Milter.Telemetry;

namespace Milter.Session;

/// <summary>Tells those who listen what becomes of a message, or of the steps of a session outside of messages: the log, traces, the meter. There is none where nobody listens, which is asked once a message.</summary>
/// <remarks>Used by whoever owns the connection. What handlers run in is theirs for as long as they like.</remarks>
internal sealed class Observation
{
    private readonly SessionSettings _settings;
    private readonly MessageReceipt? _receipt;
    private readonly MessageSpan? _span;
    private readonly HandlerScope? _scope;
    private readonly Surroundings? _surroundings;
    private readonly bool _counts;
    private long _entered;

    private Observation(SessionSettings settings, SessionFacts facts, bool ofMessage, bool summarizes, bool scopes)
    {
        _settings = settings;
        _counts = settings.Observer.Counts;
        _receipt = summarizes ? new MessageReceipt(settings) : null;
        _scope = scopes ? new HandlerScope(facts.ConnectionId) : null;
        _span = ofMessage && MessageSpan.IsWatched ? MessageSpan.Begin(settings.Descriptor.Name, facts, settings.Time) : null;
        _surroundings = Surroundings.Make(settings.Logger, _scope, _span?.Activity);
    }

    /// <summary>Gets a value indicating whether bytes are counted.</summary>
    public bool Counts => _counts;

    /// <summary>Gets what takes edits in words, where somebody reads them.</summary>
    public List<ToldEdit>? Told => _receipt?.Told;

    /// <summary>A message begins.</summary>
    /// <returns><see langword="null"/> where nobody listens.</returns>
    public static Observation? OfMessage(SessionSettings settings, SessionFacts facts)
    {
        bool summarizes = settings.Options.LogMessages && settings.Logger.IsEnabled(LogLevel.Information);
        bool scopes = HasScopes(settings);
        return summarizes || scopes || MessageSpan.IsWatched || settings.Observer.Counts ? new Observation(settings, facts, ofMessage: true, summarizes, scopes) : null;
    }

    /// <summary>Something happens outside of messages.</summary>
    /// <returns><see langword="null"/> where nobody listens.</returns>
    public static Observation? OfSession(SessionSettings settings, SessionFacts facts)
    {
        bool scopes = HasScopes(settings);
        return scopes || settings.Observer.Counts ? new Observation(settings, facts, ofMessage: false, summarizes: false, scopes) : null;
    }

    /// <summary>Goes back to what was before <see cref="Enter"/>.</summary>
    public static void Leave(ExecutionContext? outer) => Surroundings.Leave(outer);

    /// <summary>Handlers are called on this thread.</summary>
    /// <returns>For <see cref="Leave"/>, as soon as they have given it back.</returns>
    public ExecutionContext? Enter(SessionFacts facts)
    {
        if (_scope is { QueueId: null } scope && facts.QueueId is { Length: > 0 } queueId)
        {
            scope.QueueId = queueId;
        }

        _entered = _settings.Time.GetTimestamp();
        return _surroundings?.Enter();
    }

    /// <summary>Handlers have returned, or nobody waits for them any more.</summary>
    public void HandlersRan(MilterStages stage)
    {
        TimeSpan time = _settings.Time.GetElapsedTime(_entered);
        _span?.Ran(stage, time);
        if (_counts)
        {
            // Within the span, so that what is measured leads to it.
            ExecutionContext? outer = _surroundings?.Enter();
            _settings.Observer.HandlersRan(stage, time);
            Leave(outer);
        }
    }

    /// <summary>The MTA got its reply.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="since">Since when it waited.</param>
    public void Replied(MilterStages stage, Verdict verdict, long since)
    {
        _receipt?.Replied(stage, verdict);
        _span?.Replied(stage, verdict.Kind);
        if (_counts)
        {
            ExecutionContext? outer = _surroundings?.Enter();
            _settings.Observer.Replied(stage, verdict.Kind, _settings.Time.GetElapsedTime(since));
            Leave(outer);
        }
    }

    public void Failed(MilterStages stage, Exception exception) => _span?.Failed(stage, exception);

    public void Expired(MilterStages stage) => _span?.Expired(stage);

    /// <summary>A sender, or a recipient that the MTA takes, is told.</summary>
    public void Address(MilterStages stage, ReadOnlySpan<byte> address) => _receipt?.Address(stage, address);

    /// <summary>A header field is told.</summary>
    public void Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _receipt?.Header(name, value);
        if (_span is not null && System.Text.Ascii.EqualsIgnoreCase(name, "Message-ID"u8))
        {
            _span.Tell(TelemetryNames.MessageId, Readable.Line(value));
        }
    }

    /// <summary>Modifications went out with the verdict.</summary>
    public void Edited(in EditCounts edits)
    {
        _receipt?.Edited(edits.Total);
        _span?.Edited(edits);
        if (_counts)
        {
            _settings.Observer.Edited(edits);
        }
    }

    /// <summary>The message has ended. What its end calls is still within it.</summary>
    public void MessageEnded(MessageOutcome outcome, SessionFacts facts)
    {
        _receipt?.End(facts, outcome);
        if (_span is { } span)
        {
            span.Tell(TelemetryNames.QueueId, facts.QueueId);
            span.Tell(TelemetryNames.MessageId, facts.Text("msg_id"u8));
            span.Tell(TelemetryNames.Outcome, TelemetryNames.Of(outcome));
            span.EndReplies();
        }
    }

    /// <summary>All is done.</summary>
    public void Close()
    {
        if (_surroundings is { } surroundings)
        {
            ExecutionContext? outer = surroundings.Enter();
            _span?.End();
            surroundings.EndScope();
            Leave(outer);
        }
    }

    private static bool HasScopes(SessionSettings settings) => settings.Options.LogScopes is not LogLevel.None and var level && settings.Logger.IsEnabled(level);
}
