namespace Milter.Client;

/// <summary>The difference of two texts as <c>diff -u</c> writes it, without the names of files: of a message as it came and as a filter leaves it, say.</summary>
/// <remarks>Where more than 3000 lines differ in one piece, they are counted and not shown.</remarks>
public static class UnifiedDiff
{
    private const int Context = 3;

    // The table of the comparison grows with the product of both; a body beyond that is compared as a whole.
    private const int MostLines = 3000;

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
        int head = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        int tail = before.Skip(head).Reverse().Zip(after.Skip(head).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        string[] left = before[head..^tail];
        string[] right = after[head..^tail];
        var script = before[..head].Select(static line => new Entry(' ', line)).ToList();
        if (left.Length > MostLines || right.Length > MostLines)
        {
            script.AddRange([new Entry('-', $"({Counted.Of(left.Length, "line")})", left.Length), new Entry('+', $"({Counted.Of(right.Length, "other line")})", right.Length)]);
        }
        else
        {
            script.AddRange(Compare(left, right));
        }

        script.AddRange(before[(before.Length - tail)..].Select(static line => new Entry(' ', line)));
        return script;
    }

    // The longest common subsequence.
    private static IEnumerable<Entry> Compare(string[] left, string[] right)
    {
        int[,] common = new int[left.Length + 1, right.Length + 1];
        for (int i = left.Length - 1; i >= 0; i--)
        {
            for (int j = right.Length - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            if (i < left.Length && j < right.Length && left[i] == right[j])
            {
                yield return new Entry(' ', left[i++]);
                j++;
            }
            else if (j == right.Length || (i < left.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return new Entry('-', left[i++]);
            }
            else
            {
                yield return new Entry('+', right[j++]);
            }
        }
    }

    private readonly record struct Entry(char Mark, string Text, int Lines = 1)
    {
        public bool IsChange => Mark != ' ';
    }
}
