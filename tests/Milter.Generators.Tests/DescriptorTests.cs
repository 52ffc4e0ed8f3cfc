using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>Holds the rules together: each has a page that is true, a line in the release table, and tests.</summary>
public sealed class DescriptorTests
{
    private static readonly DiagnosticDescriptor[] s_all = [.. GeneratorHarness.Analyzers().SelectMany(analyzer => analyzer.SupportedDiagnostics).Distinct()];

    public static TheoryData<string> Ids => [.. s_all.Select(rule => rule.Id)];

    [Fact]
    public void Ids_are_used_once() => Assert.Equal(s_all.Select(rule => rule.Id).Distinct(), s_all.Select(rule => rule.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Is_of_one_kind(string id) =>
        Assert.Contains(s_all.Single(rule => rule.Id == id).Category, new[] { "AttrMilter.Correctness", "AttrMilter.Cost", "AttrMilter.Style" });

    /// <summary>Builds print warnings and no infos: what lets mail pass or drops it has to be seen.</summary>
    [Theory]
    [InlineData("MILTER080")]
    [InlineData("MILTER081")]
    [InlineData("MILTER082")]
    public void What_lets_mail_pass_is_printed_by_a_build(string id) => Assert.True(s_all.Single(rule => rule.Id == id).DefaultSeverity >= DiagnosticSeverity.Warning);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_a_help_page_listed_in_the_index(string id)
    {
        DiagnosticDescriptor rule = s_all.Single(rule => rule.Id == id);

        Assert.EndsWith($"docs/diagnostics/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
        Assert.StartsWith($"# {id}: {rule.Title}\n", Page(id), StringComparison.Ordinal);
        Assert.Contains($"[{id}]({id}.md)", Page("README"), StringComparison.Ordinal);
    }

    /// <summary>The repository has one address, which packages and symbols have as well.</summary>
    [Fact]
    public void Help_is_at_the_address_of_the_packages()
    {
        string address = File.ReadAllText(Path.Combine(Root(), "Directory.Build.props")).Split("<RepositoryUrl>")[1].Split('<')[0];

        Assert.All(s_all, rule => Assert.Equal($"{address}/blob/main/docs/diagnostics/{rule.Id}.md", rule.HelpLinkUri));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_a_line_in_the_release_table(string id)
    {
        string source = Path.Combine(Root(), "src", "Milter.Generators");

        Assert.Contains(
            File.ReadLines(Path.Combine(source, "AnalyzerReleases.Unshipped.md")).Concat(File.ReadLines(Path.Combine(source, "AnalyzerReleases.Shipped.md"))),
            line => line.StartsWith(id + " ", StringComparison.Ordinal) && line.Split('|')[1].Trim() == s_all.Single(rule => rule.Id == id).Category && line.Split('|')[2].Trim() == Severity(id) && line.Split('|')[3].Trim() == s_all.Single(rule => rule.Id == id).Title.ToString());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_the_same_severity_in_the_index(string id) =>
        Assert.Contains($"| [{id}]({id}.md) | {(Severity(id) == "Info" ? "info" : Severity(id) == "Warning" ? "warning" : "error")} | ", Page("README"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Is_in_the_corpus_of_wrong_programs(string id) => Assert.Contains(
        Directory.EnumerateFiles(Path.Combine(Root(), "tests", "Milter.Generators.Tests", "Corpus", "Wrong")),
        file => File.ReadAllText(file).Contains($"{{|{id}:", StringComparison.Ordinal));

    [Fact]
    public void Every_page_is_of_a_rule() => Assert.Equal(
        s_all.Select(rule => rule.Id).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(Root(), "docs", "diagnostics"), "MILTER*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_page_has_all_it_should(string id) =>
        Assert.Equal(["Right", "Why", "When it stays quiet", "How to suppress it"], Page(id).Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_tests(string id) => Assert.Contains(
        typeof(DescriptorTests).Assembly.GetTypes(),
        type => type.Name == id && type.GetMethods().Length > 1);

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Its_page_shows_code_that_is_flagged_and_code_that_is_right(string id)
    {
        string[] samples = [.. Page(id).Split("```csharp\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)])];

        Assert.True(samples.Length >= 2, "the page shows flagged code first, then right code");
        Assert.Equal([id], (await GeneratorHarness.AnalyzeAsync(Usings.Global, samples[0])).Select(d => d.Id).Distinct());
        Assert.Empty((await GeneratorHarness.AnalyzeAsync(Usings.Global, samples[1])).Select(d => d.ToString()));
        Assert.Empty(GeneratorHarness.CompileGenerated(Usings.Global, samples[1]).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
    }

    private static string Severity(string id) => s_all.Single(rule => rule.Id == id).DefaultSeverity.ToString();

    private static string Page(string name) => File.ReadAllText(Path.Combine(Root(), "docs", "diagnostics", name + ".md")).ReplaceLineEndings("\n");

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
