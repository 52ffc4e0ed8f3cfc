using System.Diagnostics;
using Milter.Conformance.Tests.Filters;
using Xunit.Abstractions;

namespace Milter.Conformance.Tests;

/// <summary>Protects the fixed sessions of tests/conformance/smoke.py, and that the probe ends when it is told to.</summary>
[Collection(ConformanceCollection.Name)]
public class SmokeTests(ConformanceFixture fixture, ITestOutputHelper output)
{
    [SkippableFact]
    public async Task Every_fixed_session_is_answered_as_written()
    {
        string script = Path.Combine(AppContext.BaseDirectory, "conformance", "smoke.py");
        string command = string.Join(' ', ConformanceFixture.ProbeCommand().Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
        var start = new ProcessStartInfo("python3", [script, "--cmd", command, "--timeout", "120"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process? smoke = TryStart(start);
        Skip.If(smoke is null, "There is no python3.");

        Task<string> text = smoke.StandardOutput.ReadToEndAsync();
        Task<string> error = smoke.StandardError.ReadToEndAsync();
        await smoke.WaitForExitAsync();

        output.WriteLine((await text).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.True(smoke.ExitCode == 0, $"{await text}{await error}");
    }

    [Fact]
    public void The_probe_ends_on_SIGTERM_and_is_gone_from_its_path()
    {
        string path = Path.Combine(fixture.Folder, "ends.sock");
        using FilterProcess probe = FilterProcess.Start(ConformanceFixture.ProbeCommand(), path);

        Assert.Equal(0, probe.Terminate());
        Assert.False(File.Exists(path));
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
