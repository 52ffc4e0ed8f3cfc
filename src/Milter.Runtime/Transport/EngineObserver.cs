using Milter.Protocol;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>Takes what sessions tell to the meter and to the milter's health.</summary>
internal sealed class EngineObserver(MilterHealth health) : SessionObserver
{
    public override void MessageEnded(MessageOutcome outcome) => MilterMetrics.MessageEnded(health.Name, outcome);

    public override void HandlerFailed() => MilterMetrics.HandlerFailed(health.Name);

    public override void HandlerExpired() => MilterMetrics.HandlerExpired(health.Name);

    public override void VerdictReplaced() => MilterMetrics.VerdictReplaced(health.Name);

    public override void Negotiated(MilterActions missing) => health.Negotiated(missing);
}
