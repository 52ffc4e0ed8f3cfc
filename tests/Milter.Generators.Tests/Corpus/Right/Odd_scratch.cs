// members that each handler sets before it looks
[Milter]
partial class Filter
{
    private string _domain = "";
    private int _score;
    private readonly System.Text.StringBuilder _line = new();

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        _domain = from.Domain;
        return Judge();
    }

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        _domain = to.Domain;
        _line.Clear();
        _line.Append(to.Domain).Append('.');
        return Judge().IsContinue ? Verdict.Continue : Verdict.Reject();
    }

    private Verdict Judge()
    {
        _score = _domain.Length;
        _score += _domain == "x" ? 100 : 0;
        return _score > 99 ? Verdict.Reject() : Verdict.Continue;
    }
}
