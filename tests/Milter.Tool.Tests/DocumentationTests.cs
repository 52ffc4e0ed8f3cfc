using System.Text.RegularExpressions;
using Milter.Client.Tests;

namespace Milter.Tool.Tests;

/// <summary>What docs/tool.md shows is what the commands print, times masked.</summary>
public sealed partial class DocumentationTests
{
    [SkippableFact]
    public async Task Transcripts_are_what_is_printed()
    {
        Peer.Demand("/bin/bash", "/usr/bin/cc", "/usr/include/libmilter/mfapi.h", "/usr/lib/python3/dist-packages/Milter/__init__.py");
        using var folder = new TemporaryFolder();
        await Peer.RunAsync("/bin/bash", Path.Combine(Tool.Root(), "eng/tool-transcripts.sh"), folder.Path, AppContext.BaseDirectory);

        string page = await File.ReadAllTextAsync(Path.Combine(Tool.Root(), "docs/tool.md"));
        string[] shown = [.. Blocks().Matches(page).Select(block => block.Groups["name"].Value)];
        Assert.Equal(Directory.GetFiles(folder.Path, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(), shown.Order());
        foreach (Match block in Blocks().Matches(page))
        {
            string name = block.Groups["name"].Value;
            string printed = await File.ReadAllTextAsync(Path.Combine(folder.Path, name + ".txt"));
            Assert.Equal(Comparable(name, printed), Comparable(name, block.Groups["text"].Value));
        }
    }

    [Fact]
    public async Task Every_command_is_on_the_page()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Tool.Root(), "docs/tool.md"));
        foreach (string command in new[] { "send", "run", "explain", "trace", "replay", "check", "bench", "health", "policy", "parts" })
        {
            Assert.Contains($"## milter {command}", page, StringComparison.Ordinal);
        }
    }

    // Of a load, nothing is the same again but the words.
    private static string Comparable(string name, string text) => name.StartsWith("bench", StringComparison.Ordinal)
        ? Numbers().Replace(string.Join('\n', text.Split('\n').Where(line => !line.Contains('≤', StringComparison.Ordinal))), "…")
        : Blanks().Replace(Clock().Replace(Tool.Mask(text), "$1 …"), " … ms");

    [GeneratedRegex("<!-- transcript: (?<name>[a-z-]+) -->\n```\\w*\n(?<text>.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"[0-9][0-9,.]*( m?s\b)?")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^(#\d+) +[0-9.]+", RegexOptions.Multiline)]
    private static partial Regex Clock();

    [GeneratedRegex(" +… ms")]
    private static partial Regex Blanks();
}
