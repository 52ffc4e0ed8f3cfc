using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Milter.Tests;

/// <summary>
/// A page of the documentation. Before each C# block stands <c>&lt;!-- part of: path --&gt;</c>: its lines stand one after the other in that file,
/// which is compiled, whatever their indentation.
/// </summary>
internal sealed partial class DocumentationPage(string path, [CallerFilePath] string caller = "")
{
    public void CheckCode()
    {
        string page = Read(path);
        int count = 0;
        foreach (Match block in Blocks().Matches(page))
        {
            Assert.True(block.Groups["path"].Success, $"{path}: this code comes from no file that is compiled:\n{block.Groups["code"].Value}");
            Assert.Contains(Flat(block.Groups["code"].Value), Flat(Read(block.Groups["path"].Value)), StringComparison.Ordinal);
            count++;
        }

        Assert.True(count > 0, $"{path} has no code");
    }

    public static string Flat(string text) => string.Join('\n', text.Trim('\n').Split('\n').Select(line => line.Trim()));

    public string Read(string file)
    {
        string root = Path.GetDirectoryName(caller)!;
        while (!File.Exists(Path.Combine(root, "AttrMilter.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        return File.ReadAllText(Path.Combine(root, file));
    }

    [GeneratedRegex("(?:<!-- part of: (?<path>\\S+) -->\n)?^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
