using System.Diagnostics;

namespace Milter.Policy.Tests;

/// <summary>A process of its own that does what a filter does with its store.</summary>
internal sealed class Worker : IDisposable
{
    private readonly Process _process;

    public Worker(params string[] arguments) => _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "policy-worker.dll"), .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>Reads lines until one begins with a word.</summary>
    public async Task<string> UntilAsync(string word)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(word, StringComparison.Ordinal))
            {
                return line;
            }
        }

        await _process.WaitForExitAsync();
        throw new InvalidOperationException($"The worker has ended ({_process.ExitCode}) before it said {word}.");
    }

    public void Go() => _process.StandardInput.WriteLine();

    public void Kill() => _process.Kill();

    /// <summary>What a killed process had said.</summary>
    public async Task<string[]> LeftAsync()
    {
        string rest = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return rest.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async Task<string[]> RestAsync()
    {
        string rest = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        return rest.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
