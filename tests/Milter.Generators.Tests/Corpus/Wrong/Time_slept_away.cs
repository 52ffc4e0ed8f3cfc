[Milter]
partial class Filter
{
    [OnConnect]
    Verdict {|MILTER193:Tarpit|}(ConnectInfo client)
    {
        {|MILTER120:Thread.Sleep(TimeSpan.FromSeconds(5))|};
        return Verdict.Continue;
    }
}
