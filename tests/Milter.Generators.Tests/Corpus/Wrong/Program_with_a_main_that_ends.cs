static class Program
{
    static void Main(string[] args)
    {
        {|MILTER091:MilterServer.RunAsync<Filter>("inet:9199@localhost")|};
        Console.WriteLine("running");
    }
}

[Milter]
partial class Filter
{
    [OnMail] Verdict From(EnvelopeAddress from) => from.IsNull ? Verdict.Reject() : Verdict.Continue;
}
