using System.Text.RegularExpressions;

namespace Milter.Samples.Tests.Docs;

/// <summary>What any page may get wrong by itself: links that lead nowhere, tables that are cut, tests and files that are not there.</summary>
public sealed partial class PagesTests
{
    private static readonly Lazy<(HashSet<string> Methods, HashSet<string> Classes)> s_tests = new(FindTests);

    public static TheoryData<string> Pages => [.. Page.All()];

    [Fact]
    public void All_pages_are_looked_at()
    {
        string[] pages = [.. Page.All()];

        Assert.Contains("README.md", pages);
        Assert.Contains("docs/options.md", pages);
        Assert.Contains("src/Milter.Tool/README.md", pages);
        Assert.True(pages.Length > 100, $"{pages.Length} pages");
    }

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_headings(string page)
    {
        var broken = new List<string>();
        foreach ((int line, string text, string file, string heading) in Page.Read(page).Links())
        {
            if (!Path.Exists(Path.Combine(Page.Root, file)))
            {
                broken.Add($"{page}:{line}: nothing is at {text}");
            }
            else if (heading.Length > 0 && file.EndsWith(".md", StringComparison.Ordinal) && !Page.Read(file).Anchors().Contains(heading))
            {
                broken.Add($"{page}:{line}: {file} has no heading #{heading}");
            }
        }

        Assert.Empty(broken);
    }

    /// <summary>A blank line within a table makes text of the rest, and a bar too many a column that nobody sees.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Tables_are_whole(string page)
    {
        var broken = new List<string>();
        foreach ((int line, string[] rows) in Page.Read(page).Tables())
        {
            if (rows.Length < 2 || !Rule().IsMatch(rows[1]))
            {
                broken.Add($"{page}:{line}: a table begins without its head: is there a blank line before it?");
                continue;
            }

            int columns = Page.Cells(rows[0]).Length;
            broken.AddRange(rows.Select((row, i) => (row, i)).Where(one => Page.Cells(one.row).Length != columns || !one.row.TrimEnd().EndsWith('|')).Select(one => $"{page}:{line + one.i}: the row has not {columns} cells"));
        }

        Assert.Empty(broken);
    }

    [Theory, MemberData(nameof(Pages))]
    public void Named_tests_exist(string page)
    {
        (HashSet<string> methods, HashSet<string> classes) = s_tests.Value;
        var missing = new List<string>();
        foreach ((int line, string text) in Page.Read(page).Names())
        {
            Match member = TestMember().Match(text);
            bool exists = !(Sentence().IsMatch(text) && !methods.Contains(text))
                && !(member.Success && (!classes.Contains(member.Groups["class"].Value) || (member.Groups["method"].Success && !methods.Contains(member.Groups["method"].Value))));
            if (!exists)
            {
                missing.Add($"{page}:{line}: there is no test {text}");
            }
        }

        Assert.Empty(missing);
    }

    /// <summary>ID stands for the number of a rule, NAME for a library: such a path is a pattern.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Named_files_exist(string page) =>
        Assert.Empty(Page.Read(page).Names()
            .Where(name => OwnPath().IsMatch(name.Text) && !name.Text.Contains("/ID.", StringComparison.Ordinal) && !name.Text.Contains("/NAME.", StringComparison.Ordinal) && !page.Contains("/content/", StringComparison.Ordinal))
            .Where(name => !Exists(name.Text))
            .Select(name => $"{page}:{name.Line}: there is no {name.Text}"));

    /// <summary>What the first steps pack, and the gate, is every project that makes a package.</summary>
    [Theory]
    [InlineData("docs/getting-started.md")]
    [InlineData(".ci/run")]
    public void All_packages_are_packed(string file)
    {
        string[] packed = PackedList().Match(File.ReadAllText(Path.Combine(Page.Root, file))).Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        IEnumerable<string> made = Page.Files("*.csproj", "src").Where(static project => project.Split('/') is [_, _, _]).Select(static project => Path.GetFileNameWithoutExtension(project)["Milter.".Length..]);

        // Both are parts of the package AttrMilter.
        Assert.Equal(made.Except(["Generators", "CodeFixes"]).Order(), packed.Order());
    }

    private static bool Exists(string path)
    {
        string full = Path.Combine(Page.Root, path.TrimEnd('/'));
        return path.Contains('*', StringComparison.Ordinal)
            ? Directory.Exists(Path.GetDirectoryName(full)) && Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(full)!, Path.GetFileName(full)).Any()
            : Path.Exists(full);
    }

    private static (HashSet<string> Methods, HashSet<string> Classes) FindTests()
    {
        string[] sources = [.. new[] { "tests", "benchmarks" }.SelectMany(static folder => Page.Files("*.cs", folder)).Select(static file => File.ReadAllText(Path.Combine(Page.Root, file)))];
        return ([.. sources.SelectMany(static text => Method().Matches(text).Select(static one => one.Groups["name"].Value))], [.. sources.SelectMany(static text => Class().Matches(text).Select(static one => one.Groups["name"].Value))]);
    }

    [GeneratedRegex(@"^\|(\s*:?-+:?\s*\|)+\s*$")]
    private static partial Regex Rule();

    // A name that reads as a sentence.
    [GeneratedRegex(@"^(?=.*[a-z])[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,}$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^(?<class>\w+Tests)(\.(?<method>\w+)(\(.*)?)?$")]
    private static partial Regex TestMember();

    [GeneratedRegex(@"^(src|tests|docs|eng|benchmarks|samples|findings|\.ci)/[\w./*-]+$")]
    private static partial Regex OwnPath();

    [GeneratedRegex(@"\b(?:void|Task|Task<[^>\n]*>) +(?<name>\w+) *\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"for project in (?<names>[\w. ]+); do")]
    private static partial Regex PackedList();

    [GeneratedRegex(@"\bclass +(?<name>\w+)")]
    private static partial Regex Class();
}
