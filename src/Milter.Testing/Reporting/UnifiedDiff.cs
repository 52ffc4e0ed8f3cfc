namespace Milter.Testing;

/// <summary>The difference of two texts in the form of <c>diff -u</c>.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    // The table of the comparison grows with the product of both; a body beyond that is compared as a whole.
    private const int MostLines = 3000;

    /// <summary>Makes the lines of the difference; none when both are alike.</summary>
    public static IReadOnlyList<string> Make(string before, string after)
    {
        if (before == after)
        {
            return [];
        }

        List<(char Mark, string Text)> script = Script(before.Split('\n'), after.Split('\n'));
        var output = new List<string>();
        int shown = 0;
        for (int i = 0; i < script.Count; i++)
        {
            if (script[i].Mark == ' ')
            {
                continue;
            }

            int start = Math.Max(shown, i - Context);
            if (start > shown || output.Count == 0)
            {
                output.Add($"@@ line {1 + script.Take(start).Count(line => line.Mark != '+')} @@");
            }

            int end = i + 1;
            while (end < script.Count && (script[end].Mark != ' ' || script.Skip(end).Take(Context + 1).Any(line => line.Mark != ' ')))
            {
                end++;
            }

            end = Math.Min(script.Count, end + Context);
            output.AddRange(script[start..end].Select(line => line.Mark + line.Text));
            shown = end;
            i = end - 1;
        }

        return output;
    }

    private static List<(char Mark, string Text)> Script(string[] before, string[] after)
    {
        int head = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        int tail = before.Skip(head).Reverse().Zip(after.Skip(head).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        string[] left = before[head..^tail];
        string[] right = after[head..^tail];
        var script = before[..head].Select(line => (' ', line)).ToList();
        if (left.Length > MostLines || right.Length > MostLines)
        {
            script.AddRange([('-', $"({left.Length} lines)"), ('+', $"({right.Length} lines, other ones)")]);
        }
        else
        {
            script.AddRange(Compare(left, right));
        }

        script.AddRange(before[(before.Length - tail)..].Select(line => (' ', line)));
        return script;
    }

    // The longest common subsequence.
    private static IEnumerable<(char Mark, string Text)> Compare(string[] left, string[] right)
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
                yield return (' ', left[i++]);
                j++;
            }
            else if (j == right.Length || (i < left.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return ('-', left[i++]);
            }
            else
            {
                yield return ('+', right[j++]);
            }
        }
    }
}
