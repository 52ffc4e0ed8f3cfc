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

    // docs/testing-filters.md shows it.
    private const string FilterTest = """
        using Milter.Testing;
        using Xunit;

        public class TaggerTests
        {
            [Fact]
            public async Task Subjects_are_tagged()
            {
                await using var host = new MilterTestHost<Tagger>();

                MilterTestResult result = await host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test").Subject("Hello"));

                result.AssertPassed().AssertHeader("Subject", "[TAG] Hello").AssertWaits(1);
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

    /// <summary>The project that docs/testing-filters.md shows, beside an application: it builds, and its test passes.</summary>
    [Fact]
    public void A_filter_is_tested_with_the_package_as_the_documentation_says()
    {
        string application = _feed.NewApplication("MyFilter", Filter);
        File.Move(Path.Combine(application, "App.csproj"), Path.Combine(application, "MyFilter.csproj"));
        string tests = _feed.NewApplication("MyFilter.Tests", FilterTest);
        File.Delete(Path.Combine(tests, "App.csproj"));
        string page = File.ReadAllText(Path.Combine(Feed.Root(), "docs", "testing-filters.md"));
        string project = page.Split("```xml\n")[1].Split("```")[0];
        File.WriteAllText(Path.Combine(tests, "MyFilter.Tests.csproj"), project.Replace("\"AttrMilter.Testing\" Version=\"0.1.0\"", $"\"AttrMilter.Testing\" Version=\"{_feed.Version}\"", StringComparison.Ordinal));

        Result test = Run(tests, "test", "--logger", "console;verbosity=normal");

        Assert.True(test.Code == 0, test.Output);
        Assert.Contains("Passed TaggerTests.Subjects_are_tagged", test.Output, StringComparison.Ordinal);
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
            foreach (string project in new[] { "Milter.Protocol", "Milter.Runtime", "Milter.Client", "Milter.Testing" })
            {
                Result pack = Run(Root(), "pack", $"src/{project}", "-c", "Release", "-o", Packages, $"-p:Version={_version}", "--artifacts-path", Path.Combine(_folder, "artifacts"));
                Assert.True(pack.Code == 0, pack.Output);
            }
        }

        public string Version => _version;

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
            foreach (string id in new[] { "attrmilter", "attrmilter.protocol", "attrmilter.client", "attrmilter.testing" })
            {
                string kept = Path.Combine(cache, id, _version);
                if (Directory.Exists(kept))
                {
                    Directory.Delete(kept, recursive: true);
                }
            }
        }

        internal static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
    }
}
