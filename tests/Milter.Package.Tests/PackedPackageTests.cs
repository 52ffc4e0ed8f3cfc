using System.IO.Compression;

namespace Milter.Package.Tests;

/// <summary>Protects what ships: an application that knows nothing but the packed package builds, runs, and is told of its mistakes.</summary>
[Collection(nameof(Feed))]
public sealed class PackedPackageTests
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

    // Authentication is a class, SenderAuthentication a value of another package, MimeMessage one of a third; no namespace of a package may hide one of them.
    private const string AllValues = """
        using Milter;
        using Milter.Mime;
        using MimeKit;

        await using MilterServer server = await MilterServer.StartAsync<Judge>("inet:0@127.0.0.1");
        Console.WriteLine(server.Health.State);

        namespace Milter.Example
        {
            public static class Names
            {
                public static string? Of(Authentication? login, MimeMessage message) => login?.Identity ?? message.Subject;
            }
        }

        [Milter]
        public sealed partial class Judge
        {
            [OnRcpt]
            private static Verdict To(SpfResult spf) => spf.Result == AuthResult.Fail ? Verdict.Reject(550, "5.7.23", "not from there") : Verdict.Continue;

            [OnEom]
            private static async Task<Verdict> End(Authentication? login, SenderAuthentication sender, MailParts parts, MimeMessage message, HeaderEditor headers)
            {
                await sender.WriteResultsAsync(headers);
                headers.Set("X-Seen", $"{Milter.Example.Names.Of(login, message)} {parts.Count}");
                return (await sender.GetDmarcAsync()).Disposition == DmarcPolicy.Reject ? Verdict.Reject(550, "5.7.1", "forged") : Verdict.Accept;
            }
        }
        """;

    private readonly Feed _feed;

    public PackedPackageTests(Feed feed) => _feed = feed;

    [Fact]
    public void An_application_builds_against_the_package_and_runs()
    {
        string folder = _feed.NewApplication("good", Filter);
        Result build = Feed.Run(folder, "build", "-c", "Release", "-o", Path.Combine(folder, "out"));
        Assert.True(build.Code == 0, build.Output);
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);

        Result run = Feed.Run(folder, Path.Combine(folder, "out", "App.dll"));
        Assert.Equal((0, "Tagger: 1 wait, AddHeaders, ChangeHeaders\nListening\n"), (run.Code, run.Output));
    }

    [Fact]
    public void A_filter_takes_values_of_all_packages_beside_those_of_the_library()
    {
        string folder = _feed.NewApplication("values", AllValues, "AttrMilter.MimeKit", "AttrMilter.Authentication");
        Result build = Feed.Run(folder, "build", "-c", "Release", "-o", Path.Combine(folder, "out"));
        Assert.True(build.Code == 0, build.Output);
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);

        Result run = Feed.Run(folder, Path.Combine(folder, "out", "App.dll"));
        Assert.Equal((0, "Listening\n"), (run.Code, run.Output));
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

        Result test = Feed.Run(tests, "test", "--logger", "console;verbosity=normal");

        Assert.True(test.Code == 0, test.Output);
        Assert.Contains("Passed TaggerTests.Subjects_are_tagged", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_not_partial_is_told_so_by_the_packed_analyzer()
    {
        string folder = _feed.NewApplication("wrong", Filter.Replace("sealed partial", "sealed", StringComparison.Ordinal));
        Result build = Feed.Run(folder, "build", "-c", "Release");
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
        Result build = Feed.Run(folder, "build", "-c", "Release", "-p:AnalysisLevel=latest-recommended");

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
}
