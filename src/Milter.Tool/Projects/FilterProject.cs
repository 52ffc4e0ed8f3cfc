using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace Milter.Tool;

/// <summary>Finds the assembly that is meant by a project, a folder with one, or an assembly.</summary>
internal static class FilterProject
{
    /// <summary>Makes the option that says for which framework a project is built.</summary>
    public static Option<string?> FrameworkOption() => new("--framework")
    {
        Description = "The target framework of a project that has several; otherwise the newest that runs here.",
        HelpName = "TFM",
    };

    /// <summary>Gets the path of the assembly; a project is built first.</summary>
    /// <param name="path">A project's file or folder, or an assembly.</param>
    /// <param name="framework">The target framework of a project; <see langword="null"/> for its only one, or the newest that runs here.</param>
    public static async Task<string> ResolveAsync(string path, string? framework, Terminal terminal, CancellationToken cancellation)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            string[] projects = Directory.GetFiles(full, "*.*proj");
            full = projects.Length == 1 ? projects[0] : throw new ToolException(ExitCode.NoInput, $"{path} has {(projects.Length == 0 ? "no project" : "several projects")} in it: name the project's file, or an assembly (.dll).");
        }

        if (!File.Exists(full))
        {
            throw new ToolException(ExitCode.NoInput, $"{path} is not there. Name a project's file or folder, or an assembly (.dll).");
        }

        if (!full.EndsWith("proj", StringComparison.OrdinalIgnoreCase))
        {
            return framework is null ? full : throw new ToolException(ExitCode.Usage, $"--framework is for projects, and {path} is built already: name the assembly of that framework.");
        }

        if (terminal.Progress is not null)
        {
            await terminal.Error.WriteLineAsync($"Building {Path.GetFileName(full)} …");
        }

        framework ??= Newest(full, (await AskAsync(full, cancellation, "msbuild", full, "-nologo", "-getProperty:TargetFrameworks,TargetFramework")).GetProperty("TargetFrameworks").GetString());
        string[] only = framework is null ? [] : ["-f", framework];
        JsonElement properties = await AskAsync(full, cancellation, ["build", full, "-nologo", "-v:q", "-t:Build", "-getProperty:TargetPath,TargetFramework", .. only]);
        return properties.GetProperty("TargetPath").GetString() is { Length: > 0 } target && File.Exists(target)
            ? target
            : throw new ToolException(ExitCode.Data, $"{full} builds no assembly.");
    }

    /// <summary>Chooses among the target frameworks of a project.</summary>
    /// <param name="project">The project, for a failure's text.</param>
    /// <param name="frameworks">What stands in <c>TargetFrameworks</c>.</param>
    /// <returns>The newest that this process can load; <see langword="null"/> where the project has only one.</returns>
    internal static string? Newest(string project, string? frameworks)
    {
        string[] all = (frameworks ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? newest = all.Where(name => VersionOf(name) is { } version && version <= Environment.Version).MaxBy(VersionOf);
        return all.Length == 0 || newest is not null ? newest
            : throw new ToolException(ExitCode.Data, $"{project} builds for {string.Join(", ", all)}, and none of them runs here (.NET {Environment.Version.ToString(2)}): choose one with --framework.");
    }

    // net8.0 and its like. What has a platform behind it (net8.0-windows) runs there alone, and netstandard2.0 is no runtime.
    private static Version? VersionOf(string framework) =>
        framework.StartsWith("net", StringComparison.OrdinalIgnoreCase) && Version.TryParse(framework.AsSpan(3), out Version? version) && version.Major >= 5 ? version : null;

    private static async Task<JsonElement> AskAsync(string project, CancellationToken cancellation, params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } set ? set : "dotnet";
        using Process build = Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
        Task<string> error = build.StandardError.ReadToEndAsync(cancellation);
        string output = await build.StandardOutput.ReadToEndAsync(cancellation);
        await build.WaitForExitAsync(cancellation);
        if (build.ExitCode != 0)
        {
            throw new ToolException(ExitCode.Data, $"{project} does not build:\n{(output + await error).Trim()}");
        }

        // Warnings may stand before it.
        using JsonDocument answer = JsonDocument.Parse(output[output.LastIndexOf('{', output.IndexOf("\"Properties\"", StringComparison.Ordinal))..]);
        return answer.RootElement.GetProperty("Properties").Clone();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ToolException(ExitCode.Data, $"A project needs the .NET SDK, and `{start.FileName}` can't be started: {exception.Message}. Name an assembly (.dll) instead.");
        }
    }
}
