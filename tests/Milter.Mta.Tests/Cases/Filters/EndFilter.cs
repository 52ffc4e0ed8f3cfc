using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Tells how messages end; it has no handler for how they begin.</summary>
[Milter]
public sealed partial class EndFilter(Journal journal) : IDisposable
{
    private static int s_instances;

    private readonly int _instance = Interlocked.Increment(ref s_instances);

    /// <summary>Says that the engine is done with this instance.</summary>
    public void Dispose() => journal.Add("disposed");

    [OnEom]
    private Verdict End(MessageEnvelope envelope, HeaderAdder headers)
    {
        journal.Add($"eom {Names(envelope)}");
        headers.Add("X-Instance", $"{_instance}");
        return Verdict.Continue;
    }

    [OnAbort]
    private void Aborted(MessageEnvelope envelope) => journal.Add($"abort {Names(envelope)}");

    [OnMessageEnd]
    private void Ended(MessageOutcome outcome) => journal.Add($"{outcome}");

    [OnClose]
    private void Closed() => journal.Add("closed");

    private static string Names(MessageEnvelope envelope) =>
        string.Join(',', envelope.Recipients.Select(recipient => recipient.LocalPart.Split('-')[0]));
}
