using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Milter.Package.Tests;

/// <summary>A folder with the packages of this source tree, under a version that no other run has; or those that <c>ATTRMILTER_PACKAGES</c> names.</summary>
public sealed class Feed : IDisposable
{
    private static readonly string? s_given = Environment.GetEnvironmentVariable("ATTRMILTER_PACKAGES");

    private readonly string _version = $"0.0.0-test.{DateTime.UtcNow.Ticks}";

    public Feed()
    {
        if (s_given is not null)
        {
            return;
        }

        foreach (string project in new[] { "Milter.Protocol", "Milter.Runtime", "Milter.Client", "Milter.Testing", "Milter.Templates", "Milter.MimeKit", "Milter.Authentication" })
        {
            Result pack = Run(Root(), "pack", $"src/{project}", "-c", "Release", "-o", Packages, $"-p:Version={_version}", "--artifacts-path", Path.Combine(Folder, "artifacts"));
            Assert.True(pack.Code == 0, pack.Output);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("attrmilter-package-").FullName;

    public string Version => _version;

    public string Packages => s_given ?? Path.Combine(Folder, "packages");

    /// <summary>Writes a program with one file that knows the packages, and nothing else of this source tree.</summary>
    public string NewApplication(string name, string source, params IEnumerable<string> packages)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "Program.cs"), source);
        Use(folder);
        File.WriteAllText(Path.Combine(folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(packages.Prepend("AttrMilter").Select(package => $"<PackageReference Include=\"{package}\" Version=\"{_version}\" />"))}
              </ItemGroup>
            </Project>
            """);
        return folder;
    }

    /// <summary>Has the projects in a folder restore from the packages.</summary>
    public void Use(string folder) => File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
        <configuration>
          <packageSources>
            <add key="packed" value="{Packages}" />
          </packageSources>
        </configuration>
        """);

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);

        // The machine's package folder keeps what was restored: take ours out again.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string id in new[] { "attrmilter", "attrmilter.protocol", "attrmilter.client", "attrmilter.testing", "attrmilter.mimekit", "attrmilter.authentication" })
        {
            string kept = Path.Combine(cache, id, _version);
            if (Directory.Exists(kept))
            {
                Directory.Delete(kept, recursive: true);
            }
        }
    }

    /// <summary>Runs the SDK's command in a folder, to its end.</summary>
    internal static Result Run(string folder, params string[] arguments)
    {
        using Process process = Process.Start(Command(folder, arguments))!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output + errors.Result);
    }

    /// <summary>Says how to start the SDK's command in a folder.</summary>
    internal static ProcessStartInfo Command(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // What the test run itself was started with must not reach the build under test.
        foreach (string name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment.Remove("Configuration");
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return start;
    }

    internal static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}

/// <summary>What a command has said, and how it ended.</summary>
internal sealed record Result(int Code, string Output);

/// <summary>All that is tried with the packages: they are packed once.</summary>
[CollectionDefinition(nameof(Feed))]
public sealed class FeedCollection : ICollectionFixture<Feed>;
