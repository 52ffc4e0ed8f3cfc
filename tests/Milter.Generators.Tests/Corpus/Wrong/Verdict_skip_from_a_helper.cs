[Milter]
partial class Filter
{
    [OnHeader] Verdict Header(HeaderField field) => Judge(field.Value.Length);

    [OnEom]
    Verdict End()
    {
        Verdict verdict = Verdict.Continue;
        if (Environment.ProcessId % 2 == 0)
        {
            verdict = {|MILTER080:Verdict.Skip|};
        }

        return verdict;
    }

    private static Verdict Judge(int length) => length > 1000 ? {|MILTER080:Verdict.Skip|} : Verdict.Continue;
}
