using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Milter.Samples.Tests;

/// <summary>
/// What the documentation shows is what is compiled: before each code block stands <c>&lt;!-- file: path --&gt;</c>, for the whole of a
/// file, or <c>&lt;!-- part of: path --&gt;</c>, for consecutive lines of it. A generated file is named without a folder.
/// </summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] s_pages =
    [
        "README.md", "docs/getting-started.md", "samples/README.md", "docs/policy.md", "docs/from-pymilter.md", "docs/from-others.md", "docs/mime.md",
        "docs/samples/greylist.md", "docs/samples/sender-policy.md", "docs/samples/logging.md", "docs/samples/archive.md", "docs/reliability.md", "docs/deployment.md", "docs/operations.md",
        "docs/samples/attachment-policy.md", "docs/samples/banner.md", "docs/samples/virus-scan.md", "docs/samples/observed.md",
    ];

    public static TheoryData<string> Pages => [.. s_pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_blocks_are_what_is_compiled(string page)
    {
        foreach (Match block in Blocks().Matches(Read(page)))
        {
            string code = block.Groups["code"].Value;
            string path = block.Groups["path"].Value;
            Assert.True(path.Length > 0 || block.Groups["language"].Value != "csharp", $"{page}: this code comes from no file that is compiled:\n{code}");
            if (path.Length == 0)
            {
                continue;
            }

            string file = path.Contains('/', StringComparison.Ordinal) ? Read(path) : File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)).TrimStart('\uFEFF');
            if (block.Groups["kind"].Value == "file")
            {
                Assert.Equal(file.TrimEnd(), code.TrimEnd());
            }
            else
            {
                Assert.Contains(code.TrimEnd(), file, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_readme_can_be_read_in_one_go() =>
        Assert.InRange(Read("README.md").Split('\n').Length, 1, 150);

    [GeneratedRegex("(?:<!-- (?<kind>file|part of): (?<path>\\S+) -->\n)?^```(?<language>\\w*)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path));

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}
