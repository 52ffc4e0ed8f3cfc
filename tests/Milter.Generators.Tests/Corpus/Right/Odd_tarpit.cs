// a handler that waits for the waiting's sake, with a budget of its own
[Milter]
partial class Filter
{
    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        if (to.Domain == "")
        {
            await Task.Delay(TimeSpan.FromSeconds(2), ct);
        }

        await Task.WhenAny(Task.Delay(20_000, ct), Task.CompletedTask);
        return Verdict.Continue;
    }

    [OnData]
    Verdict Data(MessageEnvelope envelope)
    {
        if (envelope.Recipients.Count > 1000)
        {
            throw new InvalidOperationException("refused by the verdict for exceptions");
        }

        return Verdict.Continue;
    }
}
