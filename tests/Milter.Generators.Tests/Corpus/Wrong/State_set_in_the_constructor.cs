[Milter]
partial class Filter
{
    [PerMessage] private string? _greeting;
    [PerMessage] private int _limit;

    public Filter(TimeProvider time)
    {
        {|MILTER115:_greeting|} = "hello";
        {|MILTER115:_limit|} = time.GetUtcNow().Hour < 6 ? 10 : 100;
    }

    [OnRcpt] Verdict To(EnvelopeAddress to) => _limit < 5 && _greeting is null ? Verdict.Reject() : Verdict.Continue;
}
