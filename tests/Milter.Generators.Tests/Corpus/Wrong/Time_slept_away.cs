[Milter]
partial class Filter
{
    [OnConnect]
    Verdict Tarpit(ConnectInfo client)
    {
        {|MILTER120:Thread.Sleep(TimeSpan.FromSeconds(5))|};
        return Verdict.Continue;
    }
}
