using Milter.Message;
using Milter.Protocol;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>Takes what sessions tell to the meter, to the milter's health and, at a limited rate, to the log. A listener of the meter that throws costs no mail.</summary>
internal sealed class EngineObserver(EngineSettings settings) : SessionObserver, IDisposable
{
    // A minute: a log that is flooded is read by nobody.
    private const int MostGarbage = 10, MostDenied = 10;

    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly BlockingReport _blocking = new(settings.Session.Descriptor, settings.Logger, settings.Time);
    private readonly Dictionary<string, long> _told = [];
    private readonly LogRate _garbage = new(MostGarbage, s_pause, settings.Time, more => TransportLog.MoreGarbage(settings.Logger, settings.Health.Name, more));

    private readonly LogRate _denied = new(MostDenied, s_pause, settings.Time, more => TransportLog.MoreDenied(settings.Logger, settings.Health.Name, more));

    private string Name => settings.Health.Name;

    public override bool Counts => MilterMetrics.AreWatched;

    public override void ConnectionUsed(bool isRefused) => Count(isRefused, static (name, isRefused) => MilterMetrics.ConnectionUsed(name, isRefused));

    public override void HandlersRan(MilterStages stage, TimeSpan time) =>
        Count((stage, time), static (name, ran) => MilterMetrics.HandlersRan(name, ran.stage, ran.time));

    public override void Replied(MilterStages stage, VerdictKind verdict, TimeSpan waited) =>
        Count((stage, verdict, waited), static (name, reply) => MilterMetrics.Replied(name, reply.stage, reply.verdict, reply.waited));

    public override void Edited(in EditCounts edits) => Count(edits, static (name, edits) => MilterMetrics.Edited(name, edits));

    public override void Transferred(long received, long sent) =>
        Count((received, sent), static (name, bytes) => MilterMetrics.Transferred(name, bytes.received, bytes.sent));

    public override void MessageEnded(MessageOutcome outcome)
    {
        settings.Health.MessageEnded(outcome);
        if (MilterMetrics.AreMessagesWatched)
        {
            Count(outcome, static (name, outcome) => MilterMetrics.MessageEnded(name, outcome));
        }
    }

    public override void HandlerFailed(MilterStages stage, Exception exception) =>
        Count((stage, exception), static (name, fault) => MilterMetrics.HandlerFailed(name, fault.stage, fault.exception));

    public override void HandlerExpired(MilterStages stage) => Count(stage, static (name, stage) => MilterMetrics.HandlerExpired(name, stage));

    public override void HandlerBlocked(MilterStages stage, Stall stall)
    {
        string handler = _blocking.Add(stage, stall.Time, stall.HasComputed);
        Count(handler, static (name, handler) => MilterMetrics.HandlerBlocked(name, handler));
    }

    public override void VerdictReplaced() => Count(0, static (name, _) => MilterMetrics.VerdictReplaced(name));

    public override void Negotiated(MilterActions missing) => settings.Health.Negotiated(missing);

    public override void LimitReached(string option, string? outcome)
    {
        Count(option, static (name, option) => MilterMetrics.LimitReached(name, option));
        if (outcome is null)
        {
            return;
        }

        lock (_told)
        {
            long now = settings.Time.GetTimestamp();
            if (_told.TryGetValue(option, out long told) && settings.Time.GetElapsedTime(told, now) < s_pause)
            {
                return;
            }

            _told[option] = now;
        }

        TransportLog.LimitReached(settings.Logger, Name, option, outcome);
    }

    public override bool Garbage(string kind)
    {
        Count(kind, static (name, kind) => MilterMetrics.Garbage(name, kind));
        return _garbage.TryTake();
    }

    /// <summary>Somebody who may not connect was closed.</summary>
    /// <returns>Whether to tell it.</returns>
    public bool Denied()
    {
        Count(0, static (name, _) => MilterMetrics.ConnectionDenied(name));
        return _denied.TryTake();
    }

    public void Dispose()
    {
        _garbage.Dispose();
        _denied.Dispose();
    }

    private void Count<T>(T what, Action<string, T> count)
    {
        try
        {
            count(Name, what);
        }
#pragma warning disable CA1031 // What a listener throws is its own affair.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Counting is what failed.
        }
    }
}
