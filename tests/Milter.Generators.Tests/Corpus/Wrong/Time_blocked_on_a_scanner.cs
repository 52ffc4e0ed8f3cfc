[Milter]
partial class ScanFilter
{
    private static readonly System.Net.Http.HttpClient s_http = new();

    [OnEom]
    Verdict End(MessageBody body)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        using var clamd = {|MILTER120:new System.Net.Sockets.TcpClient("localhost", 3310)|};
        bool isClean = {|MILTER120:AskAsync().ConfigureAwait(false).GetAwaiter().GetResult()|};
        using System.Diagnostics.Process scan = System.Diagnostics.Process.Start("scan");
        {|MILTER120:scan.WaitForExit()|};
        return isClean && scan.ExitCode == 0 ? Verdict.Continue : Verdict.Reject();
    }

    private static async Task<bool> AskAsync() => (await s_http.GetStringAsync("http://localhost:8080/")).Length == 0;
}
