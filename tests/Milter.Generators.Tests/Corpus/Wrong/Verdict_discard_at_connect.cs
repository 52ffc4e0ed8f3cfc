[Milter]
partial class Filter
{
    [OnConnect]
    Verdict Connect(ConnectInfo client)
    {
        var verdict = Verdict.Continue;
        if (client.Address is null)
        {
            verdict = {|MILTER080:Verdict.Discard|};
        }

        return verdict;
    }
}
