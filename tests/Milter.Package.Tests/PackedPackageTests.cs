using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Milter.Package.Tests;

/// <summary>Protects what ships: an application that knows nothing but the packed package builds, runs, and is told of its mistakes.</summary>
public sealed class PackedPackageTests : IClassFixture<PackedPackageTests.Feed>
{
    private const string Filter = """
        using Milter;
        using Milter.Protocol;

        MilterDescriptor descriptor = MilterDescriptor.Of<Tagger>();
        Console.WriteLine($"{descriptor.Name}: {descriptor.WaitsPerMessage} wait, {descriptor.RequiredActions}");
        await using MilterServer server = await MilterServer.StartAsync<Tagger>("inet:0@127.0.0.1");
        Console.WriteLine(server.Health.State);

        [Milter]
        public sealed partial class Tagger
        {
            [OnEom]
            private static Verdict End([Header("Subject")] string? subject, HeaderEditor headers)
            {
                headers.Set("Subject", "[TAG] " + subject);
                return Verdict.Accept;
            }
        }
        """;

    private readonly Feed _feed;

    public PackedPackageTests(Feed feed) => _feed = feed;

    [Fact]
    public void An_application_builds_against_the_package_and_runs()
    {
        string folder = _feed.NewApplication("good", Filter);
        Result build = Run(folder, "build", "-c", "Release", "-o", Path.Combine(folder, "out"));
        Assert.True(build.Code == 0, build.Output);
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);

        Result run = Run(folder, Path.Combine(folder, "out", "App.dll"));
        Assert.Equal((0, "Tagger: 1 wait, AddHeaders, ChangeHeaders\nListening\n"), (run.Code, run.Output));
    }

    [Fact]
    public void A_class_that_is_not_partial_is_told_so_by_the_packed_analyzer()
    {
        string folder = _feed.NewApplication("wrong", Filter.Replace("sealed partial", "sealed", StringComparison.Ordinal));
        Result build = Run(folder, "build", "-c", "Release");
        Assert.NotEqual(0, build.Code);
        Assert.Contains("error MILTER001", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_that_our_attributes_cause_are_silenced_in_a_real_build()
    {
        string source = Filter
            .Replace("[OnEom]", "private int Helper() => 3;\n\n    [OnEom]", StringComparison.Ordinal)
            .Replace("private static Verdict", "private Verdict", StringComparison.Ordinal);
        string folder = _feed.NewApplication("strict", source);
        Result build = Run(folder, "build", "-c", "Release", "-p:AnalysisLevel=latest-recommended");

        Assert.True(build.Code == 0, build.Output);
        Assert.Contains("CA1822: Member 'Helper'", build.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CA1822: Member 'End'", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Generator_and_fixes_travel_in_the_package()
    {
        using ZipArchive package = ZipFile.OpenRead(Directory.GetFiles(_feed.Packages, "AttrMilter.0*.nupkg").Single());

        Assert.Equal(
            ["analyzers/dotnet/cs/Milter.CodeFixes.dll", "analyzers/dotnet/cs/Milter.Generators.dll"],
            package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("analyzers/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static Result Run(string folder, params string[] arguments)
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
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output + errors.Result);
    }

    private sealed record Result(int Code, string Output);

    /// <summary>A folder with the packages of this source tree, under a version that no other run has.</summary>
    public sealed class Feed : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("attrmilter-package-").FullName;
        private readonly string _version = $"0.0.0-test.{DateTime.UtcNow.Ticks}";

        public Feed()
        {
            foreach (string project in new[] { "Milter.Protocol", "Milter.Runtime" })
            {
                Result pack = Run(Root(), "pack", $"src/{project}", "-c", "Release", "-o", Packages, $"-p:Version={_version}", "--artifacts-path", Path.Combine(_folder, "artifacts"));
                Assert.True(pack.Code == 0, pack.Output);
            }
        }

        public string Packages => Path.Combine(_folder, "packages");

        public string NewApplication(string name, string source)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
            File.WriteAllText(Path.Combine(folder, "Program.cs"), source);
            File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
                <configuration>
                  <packageSources>
                    <add key="packed" value="{Packages}" />
                  </packageSources>
                </configuration>
                """);
            File.WriteAllText(Path.Combine(folder, "App.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <Nullable>enable</Nullable>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="AttrMilter" Version="{_version}" />
                  </ItemGroup>
                </Project>
                """);
            return folder;
        }

        public void Dispose()
        {
            Directory.Delete(_folder, recursive: true);

            // The machine's package folder keeps what was restored: take ours out again.
            string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            foreach (string id in new[] { "attrmilter", "attrmilter.protocol" })
            {
                string kept = Path.Combine(cache, id, _version);
                if (Directory.Exists(kept))
                {
                    Directory.Delete(kept, recursive: true);
                }
            }
        }

        private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
    }
}
