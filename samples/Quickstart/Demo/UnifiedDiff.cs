namespace Quickstart.Demo;

/// <summary>Compares two texts line by line and writes the difference in the form of <c>diff -u</c>.</summary>
internal static class UnifiedDiff
{
    /// <summary>Makes the lines of the difference, without the two lines that name the files.</summary>
    /// <param name="before">One text.</param>
    /// <param name="after">The other.</param>
    /// <param name="context">How many unchanged lines stand around a change.</param>
    /// <returns>Nothing when both are alike.</returns>
    public static IReadOnlyList<string> Make(IReadOnlyList<string> before, IReadOnlyList<string> after, int context = 3)
    {
        List<Line> lines = Compare(before, after);
        var output = new List<string>();
        for (int i = 0; i < lines.Count;)
        {
            int change = lines.FindIndex(i, line => line.Mark != ' ');
            if (change < 0)
            {
                break;
            }

            int start = Math.Max(i, change - context);
            int end = EndOfHunk(lines, change, context);
            output.Add(Heading(lines, start, end));
            for (int line = start; line < end; line++)
            {
                output.Add(lines[line].Mark + lines[line].Text);
            }

            i = end;
        }

        return output;
    }

    private static int EndOfHunk(List<Line> lines, int change, int context)
    {
        int last = change;
        for (int i = change + 1; i < lines.Count && i <= last + (2 * context) + 1; i++)
        {
            last = lines[i].Mark != ' ' ? i : last;
        }

        return Math.Min(lines.Count, last + context + 1);
    }

    private static string Heading(List<Line> lines, int start, int end)
    {
        (int before, int after) = Count(lines, 0, start);
        (int beforeInside, int afterInside) = Count(lines, start, end);
        return $"@@ -{Range(before, beforeInside)} +{Range(after, afterInside)} @@";
    }

    /// <summary>A hunk without lines on one side stands after the line it names.</summary>
    private static string Range(int linesAbove, int count) => $"{(count == 0 ? linesAbove : linesAbove + 1)},{count}";

    private static (int Before, int After) Count(List<Line> lines, int start, int end)
    {
        int before = 0;
        int after = 0;
        for (int i = start; i < end; i++)
        {
            before += lines[i].Mark != '+' ? 1 : 0;
            after += lines[i].Mark != '-' ? 1 : 0;
        }

        return (before, after);
    }

    /// <summary>The longest common subsequence, by the plain table: messages of a demo are short.</summary>
    private static List<Line> Compare(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        int[,] common = new int[before.Count + 1, after.Count + 1];
        for (int i = before.Count - 1; i >= 0; i--)
        {
            for (int j = after.Count - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<Line>(before.Count + after.Count);
        for (int i = 0, j = 0; i < before.Count || j < after.Count;)
        {
            if (i < before.Count && j < after.Count && before[i] == after[j])
            {
                lines.Add(new Line(' ', before[i++]));
                j++;
            }
            else if (j == after.Count || (i < before.Count && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(new Line('-', before[i++]));
            }
            else
            {
                lines.Add(new Line('+', after[j++]));
            }
        }

        return lines;
    }

    private readonly record struct Line(char Mark, string Text);
}
