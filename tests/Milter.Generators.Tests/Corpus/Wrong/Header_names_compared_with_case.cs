[Milter]
partial class Filter
{
    [PerMessage] private bool _isBulk;

    [OnHeader]
    void Header(HeaderField field)
    {
        if ({|MILTER169:field.NameText == "Precedence"|} && field.ValueText == "bulk")
        {
            _isBulk = true;
        }
    }

    [OnEom] Verdict End() => _isBulk ? Verdict.Discard : Verdict.Continue;
}
