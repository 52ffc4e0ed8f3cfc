[Milter]
partial class Filter
{
    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        if (to.LocalPart.Length > 30)
        {
            await {|MILTER127:Task.Delay(15_000, ct)|};
        }

        return to.Domain.Length == 0 ? Verdict.Reject() : Verdict.Continue;
    }
}
