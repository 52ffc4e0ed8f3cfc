[Milter]
partial class Filter
{
    private static readonly TimeSpan s_tarpit = TimeSpan.FromSeconds(30);
    private const int Pause = 20_000;

    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        if (to.LocalPart == "trap")
        {
            await {|MILTER127:Task.Delay(s_tarpit, ct)|};
        }
        else if (to.LocalPart == "slow")
        {
            await {|MILTER127:Task.Delay(Pause, ct)|}.ConfigureAwait(false);
        }
        else if (to.LocalPart == "slower")
        {
            await {|MILTER127:Task.Delay(new TimeSpan(0, 0, 45), ct)|};
        }

        return to.LocalPart == "trap" ? Verdict.TempFail() : Verdict.Continue;
    }
}
