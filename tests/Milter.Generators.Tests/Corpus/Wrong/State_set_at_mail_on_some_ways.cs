[Milter]
partial class Filter
{
    private bool _isOutbound;
    private int _count;

    [OnMail]
    void From(EnvelopeAddress from, Authentication? login)
    {
        if (login is not null)
        {
            {|MILTER110:_isOutbound|} = true;
        }

        Console.WriteLine(_count);
        {|MILTER110:_count|} = 1;
    }

    [OnRcpt] Verdict To() => _isOutbound && _count++ > 100 ? Verdict.TempFail() : Verdict.Continue;
}
