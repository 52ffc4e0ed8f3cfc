[Milter]
partial class Filter
{
    private static readonly Func<string, Verdict>[] s_rules = [name => name == "localhost" ? Verdict.Reject() : Verdict.Continue];

    [OnHelo]
    Verdict Helo(string name)
    {
        foreach (Func<string, Verdict> rule in s_rules)
        {
            {|MILTER089:rule(name)|};
        }

        return Verdict.Continue;
    }
}
