using System.Diagnostics;

namespace Milter.Samples.Tests.Docs;

/// <summary>The picture of the README is drawn from the published results, and from nothing else.</summary>
public sealed class ChartTests
{
    [SkippableFact]
    public async Task The_picture_is_what_the_results_say()
    {
        const string Python = "/usr/bin/python3";
        Skip.IfNot(File.Exists(Python), "python3 is missing; `apt-get install python3` installs it on Debian.");
        var start = new ProcessStartInfo(Python, ["benchmarks/bench.py", "chart", "benchmarks/RESULTS.md"]) { WorkingDirectory = Page.Root, RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.UTF8 };
        using Process process = Process.Start(start)!;
        string drawn = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(File.ReadAllText(Path.Combine(Page.Root, "benchmarks/cpu.svg")), drawn);
        Assert.Contains("](benchmarks/cpu.svg)", File.ReadAllText(Path.Combine(Page.Root, "README.md")), StringComparison.Ordinal);
    }
}
