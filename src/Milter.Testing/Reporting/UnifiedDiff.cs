using DiffPlex;
using DiffPlex.Model;
using Milter.Client;

namespace Milter.Testing;

/// <summary>The difference of two texts as <c>diff -u</c> writes it, without the names of files: of a message as it came and as a filter leaves it, say.</summary>
/// <remarks>Where more than 3000 lines differ in one piece, they are counted and not shown. So the work grows with the texts, whatever they are.</remarks>
internal static class UnifiedDiff
{
    private const int Context = 3;

    // The work of a comparison grows with the lines times those that differ.
    private const int MostLines = 3000;

    private static readonly Lines s_lines = new();

    /// <summary>Makes the lines of the difference, with three lines around each change.</summary>
    /// <param name="before">One text, its lines separated by line feeds.</param>
    /// <param name="after">The other.</param>
    /// <returns>Heads of hunks (<c>@@ -7,3 +7,4 @@</c>) and lines with a mark before them; none when both texts are alike.</returns>
    public static IReadOnlyList<string> Make(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        List<Entry> script = before == after ? [] : Script(before.Split('\n'), after.Split('\n'));
        var output = new List<string>();
        (int Before, int After) passed = (0, 0);
        int next = 0;
        while (script.FindIndex(next, static entry => entry.IsChange) is >= 0 and var change)
        {
            int start = Math.Max(next, change - Context);
            int last = change;
            while (script.FindIndex(last + 1, static entry => entry.IsChange) is >= 0 and var more && more - last <= (2 * Context) + 1)
            {
                last = more;
            }

            int end = Math.Min(script.Count, last + 1 + Context);
            passed = Pass(passed, script[next..start]);
            (int Before, int After) length = Pass((0, 0), script[start..end]);
            output.Add($"@@ -{Range(passed.Before, length.Before)} +{Range(passed.After, length.After)} @@");
            output.AddRange(script[start..end].Select(entry => entry.Mark + entry.Text));
            passed = (passed.Before + length.Before, passed.After + length.After);
            next = end;
        }

        return output;
    }

    private static (int Before, int After) Pass((int Before, int After) from, IEnumerable<Entry> entries)
    {
        foreach (Entry entry in entries)
        {
            from.Before += entry.Mark == '+' ? 0 : entry.Lines;
            from.After += entry.Mark == '-' ? 0 : entry.Lines;
        }

        return from;
    }

    // One line is a number alone; of none, the line before is named.
    private static string Range(int passed, int length) => length switch
    {
        0 => $"{passed},0",
        1 => $"{passed + 1}",
        _ => $"{passed + 1},{length}",
    };

    private static List<Entry> Script(string[] before, string[] after)
    {
        var script = new List<Entry>();
        (int Before, int After) at = (0, 0);
        foreach ((int left, int right) in Anchors(before, after).Append((before.Length, after.Length)))
        {
            AddPiece(script, before.AsSpan(at.Before..left), after.AsSpan(at.After..right));
            at = (left, right);
        }

        return script;
    }

    // Lines that are there once on both sides, as many as stand in one order on both: what is between two of them is compared by itself, so that two changes far apart don't make one of all that is between them.
    private static Stack<(int Before, int After)> Anchors(string[] before, string[] after)
    {
        Dictionary<string, int> right = Once(after);
        var kept = new List<(int Before, int After, int Previous)>();

        // Of the runs of each length, the one whose end stands first: where it stands, and which of those kept it is.
        List<int> ends = [], runs = [];
        foreach ((string line, int at) in Once(before).OrderBy(static one => one.Value))
        {
            if (right.TryGetValue(line, out int other))
            {
                int length = ~ends.BinarySearch(other);
                kept.Add((at, other, length == 0 ? -1 : runs[length - 1]));
                if (length == ends.Count)
                {
                    ends.Add(0);
                    runs.Add(0);
                }

                (ends[length], runs[length]) = (other, kept.Count - 1);
            }
        }

        var anchors = new Stack<(int Before, int After)>();
        for (int i = runs.Count == 0 ? -1 : runs[^1]; i >= 0; i = kept[i].Previous)
        {
            anchors.Push((kept[i].Before, kept[i].After));
        }

        return anchors;
    }

    private static Dictionary<string, int> Once(string[] lines)
    {
        var places = new Dictionary<string, int>(lines.Length, StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            places[lines[i]] = places.ContainsKey(lines[i]) ? -1 : i;
        }

        return places.Where(static one => one.Value >= 0).ToDictionary(StringComparer.Ordinal);
    }

    private static void AddPiece(List<Entry> script, ReadOnlySpan<string> before, ReadOnlySpan<string> after)
    {
        int head = before.CommonPrefixLength(after);
        Add(script, ' ', before[..head]);
        before = before[head..];
        after = after[head..];
        int tail = 0;
        while (tail < Math.Min(before.Length, after.Length) && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        ReadOnlySpan<string> left = before[..^tail], right = after[..^tail];
        if (left.Length > MostLines || right.Length > MostLines)
        {
            Count(script, '-', left.Length, "line");
            Count(script, '+', right.Length, left.Length > 0 ? "other line" : "line");
        }
        else if (left.IsEmpty || right.IsEmpty)
        {
            Add(script, '-', left);
            Add(script, '+', right);
        }
        else
        {
            Compare(script, left, right);
        }

        Add(script, ' ', before[(before.Length - tail)..]);
    }

    private static void Compare(List<Entry> script, ReadOnlySpan<string> left, ReadOnlySpan<string> right)
    {
        int next = 0;
        foreach (DiffBlock block in Differ.Instance.CreateDiffs(Lines.Join(left), Lines.Join(right), ignoreWhiteSpace: false, ignoreCase: false, s_lines).DiffBlocks)
        {
            Add(script, ' ', left[next..block.DeleteStartA]);
            Add(script, '-', left.Slice(block.DeleteStartA, block.DeleteCountA));
            Add(script, '+', right.Slice(block.InsertStartB, block.InsertCountB));
            next = block.DeleteStartA + block.DeleteCountA;
        }

        Add(script, ' ', left[next..]);
    }

    private static void Add(List<Entry> script, char mark, ReadOnlySpan<string> lines)
    {
        foreach (string line in lines)
        {
            script.Add(new Entry(mark, line));
        }
    }

    private static void Count(List<Entry> script, char mark, int lines, string what)
    {
        if (lines > 0)
        {
            script.Add(new Entry(mark, $"({Counted.Of(lines, what)})", lines));
        }
    }

    // A line begins with a line feed and nothing else: one line without a letter is a text without one otherwise, which DiffPlex takes for none.
    private sealed class Lines : IChunker
    {
        public static string Join(ReadOnlySpan<string> lines) => "\n" + string.Join('\n', lines.ToArray());

        public IReadOnlyList<string> Chunk(string text) => text[1..].Split('\n');
    }

    private readonly record struct Entry(char Mark, string Text, int Lines = 1)
    {
        public bool IsChange => Mark != ' ';
    }
}
