using System.Diagnostics;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>What a command left behind.</summary>
public sealed record CommandResult(int ExitCode, byte[] Output, string Error)
{
    /// <summary>The output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Fails the test unless the command ended with 0.</summary>
    public CommandResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"The command ended with {ExitCode}: {(Error.Length > 0 ? Error : Text)}");
        return this;
    }
}

/// <summary>Runs a command to its end.</summary>
internal static class Command
{
    private static readonly KeyValuePair<string, string>[] s_noVariables = [];

    public static async Task<CommandResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        ReadOnlyMemory<byte> input = default,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        using Process process = Start(file, arguments, environment);
        var output = new MemoryStream();
        using var timeout = new CancellationTokenSource(Deadline.Generous);
        try
        {
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, timeout.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
            await WriteAsync(process, input, timeout.Token);
            await reading;
            await process.WaitForExitAsync(timeout.Token);
            return new CommandResult(process.ExitCode, output.ToArray(), await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{file} did not end.");
        }
    }

    private static Process Start(string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? s_noVariables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading to the end: its exit code says more.
        }
    }
}
