using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Milter.Samples.Tests;

/// <summary>Protects what a postmaster sees of a program that can't start: one line that says what to mend, no stack trace, and an exit code that a service manager knows.</summary>
public sealed class ProgramTests
{
    [Theory]
    [InlineData("FirstFilter", "--Milter:Listen=9199@localhost", "Milter:Listen: \"9199@localhost\" is no endpoint: it has no scheme; write inet:9199@localhost. ")]
    [InlineData("FirstFilter", "--Milter:MaxConections=3", "Milter:MaxConections: the section Milter has no option MaxConections. Did you mean MaxConnections?")]
    [InlineData("quickstart", "--Milter:CommandBudget=8 s", "Failed to convert configuration value '8 s' at 'Milter:CommandBudget' ")]
    [InlineData("quickstart", "--Quickstart:Wrods:0=lottery", "Quickstart:Wrods is no setting. Settings are Tag, Words, TrustedNetworks, HeaderValue.")]
    [InlineData("FirstFilter", "--Logging:LogLevel:Default=Loud", "Configuration value 'Loud' is not supported.")]
    [InlineData("quickstart", "--Logging:LogLevel:Default=Loud", "Configuration value 'Loud' is not supported.")]
    public async Task Wrong_settings_are_told_in_one_line(string program, string argument, string expected)
    {
        (int code, string output, string error) = await RunAsync(program, argument);

        Assert.Equal((78, ""), (code, output));
        Assert.StartsWith(expected, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FirstFilter")]
    [InlineData("quickstart")]
    public async Task A_port_in_use_is_told_in_one_line(string program)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        (int code, string output, string error) = await RunAsync(program, $"--Milter:Listen=inet:{port}@127.0.0.1");

        Assert.Equal((78, ""), (code, output));
        Assert.StartsWith($"Can't listen on inet:{port}@127.0.0.1: port {port} is in use ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settings_file_that_can_not_be_read_is_told_in_one_line_with_the_place()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "appsettings.Broken.json");
        await File.WriteAllTextAsync(file, "{\n  \"Quickstart\": { \"Tag\" \"x\" }\n}\n");
        try
        {
            (int code, string output, string error) = await RunAsync("quickstart", "--time", ("DOTNET_ENVIRONMENT", "Broken"));

            Assert.Equal((78, ""), (code, output));
            string line = Assert.Single(error.TrimEnd().Split('\n'));
            Assert.Contains(file, line, StringComparison.Ordinal);
            Assert.Contains("LineNumber: 1", line, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Words_that_mean_nothing_are_told_with_64()
    {
        (int code, string output, string error) = await RunAsync("quickstart", "dmeo");

        Assert.Equal((64, ""), (code, output));
        Assert.StartsWith("quickstart: \"dmeo\" ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_told_and_nothing_listens()
    {
        (int code, string output, string error) = await RunAsync("quickstart", "--help");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("quickstart demo [--time] [FILE]...", output, StringComparison.Ordinal);
    }

    // Both programs stand beside the tests, as references of theirs.
    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, string argument, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program + ".dll"), argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, error);
    }
}
