[Milter]
partial class Filter
{
    [OnRcpt]
    async ValueTask<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        {|MILTER089:CheckLength(to)|};
        {|MILTER089:await CheckListAsync(to, ct)|};
        return Verdict.Continue;
    }

    private static Verdict CheckLength(EnvelopeAddress to) => to.LocalPart.Length > 64 ? Verdict.Reject() : Verdict.Continue;

    private static async Task<Verdict> CheckListAsync(EnvelopeAddress to, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return to.Domain == "" ? Verdict.TempFail() : Verdict.Continue;
    }
}
