using System.Diagnostics;

[Milter]
partial class Filter
{
    private readonly ManualResetEventSlim _ready = new();
    private readonly Mutex _mutex = new();

    [OnEom]
    Verdict End([Header("Subject")] string? subject)
    {
        {|MILTER120:_ready.Wait()|};
        {|MILTER120:_mutex.WaitOne()|};
        try
        {
            using var process = Process.Start("true", subject ?? "");
            string text = {|MILTER120:process.StandardOutput.ReadToEnd()|};
            {|MILTER120:process.WaitForExit()|};
            return process.ExitCode == 0 && text.Length > 0 ? Verdict.Continue : Verdict.TempFail();
        }
        finally
        {
            _mutex.ReleaseMutex();
        }
    }
}
