using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>The handlers that derived filters have in common.</summary>
public abstract class OrderFilterBase(Journal journal)
{
    /// <summary>Where the order of calls is told.</summary>
    protected Journal Journal { get; } = journal;

    [OnRcpt(Order = 9)]
    protected Verdict Shared()
    {
        Journal.Add("base");
        return Verdict.Continue;
    }
}

/// <summary>Has several handlers for one stage.</summary>
[Milter]
public sealed partial class OrderFilter(Journal journal) : OrderFilterBase(journal)
{
    [OnRcpt(Order = 3)]
    private Verdict Last()
    {
        Journal.Add("last");
        return Verdict.Continue;
    }

    [OnRcpt(Order = 2)]
    private Verdict Second(EnvelopeAddress to, MessageEnvelope envelope)
    {
        Journal.Add($"second {envelope.Recipients.Count}");
        return to.LocalPart.StartsWith("no", StringComparison.Ordinal) ? Verdict.Reject(550, "5.1.1", "Not here") : Verdict.Continue;
    }

    [OnRcpt(Order = 1)]
    private void First() => Journal.Add("first");
}
