[Milter]
partial class Filter
{
    private int _recipients;
    private bool _isBulk;

    [OnRcpt] void To() => {|MILTER110:_recipients|}++;
    [OnHeader("Precedence")] void Precedence(HeaderField field) => {|MILTER110:_isBulk|} = field.ValueText.Contains("bulk", StringComparison.OrdinalIgnoreCase);

    [OnEom]
    Verdict End()
    {
        bool refuse = _isBulk && _recipients > 10;
        _isBulk = false;
        return refuse ? Verdict.Reject() : Verdict.Continue;
    }

    [OnAbort] void Aborted() => _recipients = 0;
}
