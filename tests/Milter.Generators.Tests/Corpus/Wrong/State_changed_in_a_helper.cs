[Milter]
partial class Filter
{
    private readonly List<string> _recipients;
    private string? _last;

    public Filter() => _recipients = new List<string>();

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        Note(to);
        return _recipients.Count > 50 ? Verdict.TempFail() : Verdict.Continue;
    }

    [OnEom] Verdict End() => _last is null ? Verdict.Reject() : Verdict.Continue;

    private void Note(EnvelopeAddress to)
    {
        {|MILTER111:_recipients.Add(to.Address)|};
        {|MILTER110:_last|} = to.Address;
    }
}
