{|MILTER091:MilterServer.RunAsync<Filter>("inet:9999@localhost")|};

[Milter]
partial class Filter
{
    [OnConnect] Verdict Connect(ConnectInfo client) => client.IsLocal ? Verdict.Accept : Verdict.Continue;
}
