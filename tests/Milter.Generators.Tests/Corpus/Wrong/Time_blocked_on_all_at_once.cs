using System.Linq;

[Milter]
partial class Filter
{
    private static readonly string[] s_lists = ["zen.example.org", "bl.example.net"];

    [OnConnect]
    Verdict Connect(ConnectInfo client)
    {
        Task<bool>[] checks = s_lists.Select(list => ListedAsync(client.HostName, list)).ToArray();
        {|MILTER120:Task.WaitAll(checks)|};
        return checks.Any(check => {|MILTER120:check.Result|}) ? Verdict.Reject() : Verdict.Continue;
    }

    [OnHelo]
    Verdict Helo(string name)
    {
        int listed = 0;
        {|MILTER120:Parallel.ForEach(s_lists, list => listed += name.EndsWith(list, StringComparison.OrdinalIgnoreCase) ? 1 : 0)|};
        return listed > 0 ? Verdict.Reject() : Verdict.Continue;
    }

    private static async Task<bool> ListedAsync(string name, string list)
    {
        await Task.Delay(1);
        return name.EndsWith(list, StringComparison.OrdinalIgnoreCase);
    }
}
