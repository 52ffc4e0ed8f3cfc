using System.Diagnostics;
using System.Text.Json;

namespace Milter.Tool;

/// <summary>Finds the assembly that is meant by a project, a folder with one, or an assembly.</summary>
internal static class FilterProject
{
    /// <summary>Gets the path of the assembly; a project is built first.</summary>
    public static async Task<string> ResolveAsync(string path, Terminal terminal, CancellationToken cancellation)
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

        return full.EndsWith("proj", StringComparison.OrdinalIgnoreCase) ? await BuildAsync(full, terminal, cancellation) : full;
    }

    private static async Task<string> BuildAsync(string project, Terminal terminal, CancellationToken cancellation)
    {
        if (terminal.Progress is not null)
        {
            await terminal.Error.WriteLineAsync($"Building {Path.GetFileName(project)} …");
        }

        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } set ? set : "dotnet";
        var start = new ProcessStartInfo(host, ["build", project, "-nologo", "-v:q", "-t:Build", "-getProperty:TargetPath,TargetFrameworks"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process build = Start(start);
        Task<string> error = build.StandardError.ReadToEndAsync(cancellation);
        string output = await build.StandardOutput.ReadToEndAsync(cancellation);
        await build.WaitForExitAsync(cancellation);
        if (build.ExitCode != 0)
        {
            throw new ToolException(ExitCode.Data, $"{project} does not build:\n{(output + await error).Trim()}");
        }

        // Warnings may stand before it.
        using JsonDocument answer = JsonDocument.Parse(output[output.LastIndexOf('{', output.IndexOf("\"Properties\"", StringComparison.Ordinal))..]);
        JsonElement properties = answer.RootElement.GetProperty("Properties");
        return properties.GetProperty("TargetPath").GetString() is { Length: > 0 } target && properties.GetProperty("TargetFrameworks").GetString() is "" or null && File.Exists(target)
            ? target
            : throw new ToolException(ExitCode.Data, $"{project} builds for several frameworks: build it, and name the assembly (.dll) of one.");
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
