[Milter]
partial class Filter
{
    [OnEom]
    Verdict End([{|MILTER052:Needs(MilterActions.AddHeaders)|}] BodyEditor body, [{|MILTER049:Needs(MilterActions.ChangeBody)|}] Progress progress)
    {
        body.Replace("x");
        progress.Report();
        return Verdict.Continue;
    }
}
