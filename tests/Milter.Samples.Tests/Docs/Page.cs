using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Milter.Samples.Tests.Docs;

/// <summary>A page of the documentation: its lines outside blocks of code, and what they say that can be looked up.</summary>
internal sealed partial class Page
{
    private static readonly string[] s_notOurs = ["artifacts", "bin", "obj", ".git", "node_modules"];

    private Page(string path)
    {
        Path = path;
        Lines = Prose(File.ReadAllText(System.IO.Path.Combine(Root, path)));
    }

    /// <summary>Gets the folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Gets where the page is, from the root on, with slashes.</summary>
    public string Path { get; }

    /// <summary>Gets all lines; those of blocks of code are empty, so that numbers are those of the file.</summary>
    public string[] Lines { get; }

    /// <summary>Finds all pages of the repository.</summary>
    public static IEnumerable<string> All() => Files("*.md", "");

    /// <summary>Finds files of the repository, from the root on.</summary>
    public static IEnumerable<string> Files(string pattern, string folder) =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(static file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(static file => !file.Split('/').Any(s_notOurs.Contains))
            .Order(StringComparer.Ordinal);

    public static Page Read(string path) => new(path);

    /// <summary>Finds where links lead that lead to files: the path from the root on, and the heading if one is named.</summary>
    public IEnumerable<(int Line, string Text, string File, string Heading)> Links()
    {
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        for (int i = 0; i < Lines.Length; i++)
        {
            foreach (Match link in Link().Matches(Code().Replace(Lines[i], "")))
            {
                string target = link.Groups["file"].Value;
                string file = target.Length == 0 ? Path : System.IO.Path.GetRelativePath(Root, System.IO.Path.Combine(Root, folder, target)).Replace('\\', '/');
                yield return (i + 1, link.Groups["all"].Value, file, link.Groups["heading"].Value);
            }
        }
    }

    /// <summary>Lists the anchors of headings, as GitHub makes them.</summary>
    public HashSet<string> Anchors()
    {
        Dictionary<string, int> seen = [];
        HashSet<string> anchors = [];
        foreach (string line in Lines.Where(static line => line.StartsWith('#')))
        {
            string words = LinkedText().Replace(line.TrimStart('#').Trim(), "${text}").ToLowerInvariant();
            string anchor = NotInAnchors().Replace(words, "").Replace(' ', '-');
            seen[anchor] = seen.TryGetValue(anchor, out int before) ? before + 1 : 0;
            anchors.Add(seen[anchor] == 0 ? anchor : $"{anchor}-{seen[anchor]}");
        }

        return anchors;
    }

    /// <summary>Finds the words that stand between backquotes.</summary>
    public IEnumerable<(int Line, string Text)> Names() =>
        Lines.SelectMany(static (line, i) => Code().Matches(line).Select(code => (i + 1, code.Groups["text"].Value)));

    /// <summary>Finds tables: lines with bars that stand together.</summary>
    public IEnumerable<(int Line, string[] Rows)> Tables()
    {
        for (int i = 0; i < Lines.Length; i++)
        {
            string[] rows = [.. Lines.Skip(i).TakeWhile(static line => line.StartsWith('|'))];
            if (rows.Length > 0)
            {
                yield return (i + 1, rows);
                i += rows.Length;
            }
        }
    }

    /// <summary>Cuts a row of a table into its cells.</summary>
    public static string[] Cells(string row) => [.. Bar().Split(row.Trim()).Skip(1).SkipLast(1).Select(static cell => cell.Trim())];

    private static string[] Prose(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        bool isCode = false;
        for (int i = 0; i < lines.Length; i++)
        {
            bool isFence = lines[i].TrimStart(' ', '>').StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            lines[i] = isCode || isFence ? "" : lines[i];
        }

        return lines;
    }

    private static string FindRoot([CallerFilePath] string file = "") => System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "../../.."));

    [GeneratedRegex(@"\]\((?<all>(?![a-z]+:)(?<file>[^)#\s]*)(#(?<heading>[^)\s]*))?)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkedText();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();
}
