[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(HeaderAdder headers)
    {
        headers.Add({|MILTER165:"Subject"|}, "[SPAM]");
        headers.Add({|MILTER165:"content-type"|}, "text/plain; charset=utf-8");
        return Verdict.Continue;
    }
}
