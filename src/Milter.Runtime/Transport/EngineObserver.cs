using Milter.Protocol;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>Takes what sessions tell to the meter and to the milter's health. A listener of the meter that throws costs no mail.</summary>
internal sealed class EngineObserver(MilterHealth health, BlockingReport blocking) : SessionObserver
{
    public override void MessageEnded(MessageOutcome outcome) => Count(outcome, static (name, outcome) => MilterMetrics.MessageEnded(name, outcome));

    public override void HandlerFailed() => Count(0, static (name, _) => MilterMetrics.HandlerFailed(name));

    public override void HandlerExpired() => Count(0, static (name, _) => MilterMetrics.HandlerExpired(name));

    public override void HandlerBlocked(MilterStages stage, TimeSpan time)
    {
        string handler = blocking.Add(stage, time);
        Count(handler, static (name, handler) => MilterMetrics.HandlerBlocked(name, handler));
    }

    public override void VerdictReplaced() => Count(0, static (name, _) => MilterMetrics.VerdictReplaced(name));

    public override void Negotiated(MilterActions missing) => health.Negotiated(missing);

    private void Count<T>(T what, Action<string, T> count)
    {
        try
        {
            count(health.Name, what);
        }
#pragma warning disable CA1031 // What a listener throws is its own affair.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Counting is what failed.
        }
    }
}
