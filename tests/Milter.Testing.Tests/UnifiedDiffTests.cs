using System.Globalization;
using System.Text.RegularExpressions;

namespace Milter.Testing.Tests;

/// <summary>Differences are those of <c>diff -u</c>: people read them, and <c>patch</c> takes them.</summary>
public partial class UnifiedDiffTests
{
    [Theory]
    [InlineData("a", "a", "")]
    [InlineData("a b c", "a x c", "@@ -1,3 +1,3 @@| a|-b|+x| c")]
    [InlineData("1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9 x", "@@ -7,3 +7,4 @@| 7| 8| 9|+x")]
    [InlineData("a 1 2 3 4 5 6 b", "A 1 2 3 4 5 6 B", "@@ -1,8 +1,8 @@|-a|+A| 1| 2| 3| 4| 5| 6|-b|+B")]
    [InlineData("a 1 2 3 4 5 6 7 b", "A x 1 2 3 4 5 6 7 B", "@@ -1,4 +1,5 @@|-a|+A|+x| 1| 2| 3|@@ -6,4 +7,4 @@| 5| 6| 7|-b|+B")]
    [InlineData("a", "b", "@@ -1 +1 @@|-a|+b")]
    public void The_heads_are_those_of_diff(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join('|', UnifiedDiff.Make(before.Replace(' ', '\n'), after.Replace(' ', '\n'))));

    [Fact]
    public void What_is_too_long_to_compare_is_counted()
    {
        string before = "a\n" + string.Concat(Enumerable.Range(0, 3001).Select(i => $"{i}\n")) + "z";

        IReadOnlyList<string> difference = UnifiedDiff.Make(before, "a\nx\nz");

        Assert.Equal(["@@ -1,3003 +1,3 @@", " a", "-(3001 lines)", "+(1 other line)", " z"], difference);
    }

    /// <summary>A long message with a change at each end is two small hunks, however much is between them.</summary>
    [Fact]
    public void Changes_far_apart_are_hunks_of_their_own()
    {
        string[] lines = [.. Enumerable.Range(1, 50_000).Select(static i => i % 5 == 0 ? "again" : $"line {i}")];
        string[] other = [.. lines];
        (other[1], other[^2]) = ("one", "two");

        Assert.Equal(
            ["@@ -1,5 +1,5 @@", " line 1", "-line 2", "+one", " line 3", " line 4", " again", "@@ -49996,5 +49996,5 @@", " line 49996", " line 49997", " line 49998", "-line 49999", "+two", " again"],
            UnifiedDiff.Make(string.Join('\n', lines), string.Join('\n', other)));
    }

    /// <summary>Lines that all differ cost memory by their number, not by its square (a table of both was 37 MB).</summary>
    [Fact]
    public void What_all_differs_is_shown_without_a_table_of_both()
    {
        string before = string.Join('\n', Enumerable.Range(0, 2990).Select(static i => $"a{i}")), after = string.Join('\n', Enumerable.Range(0, 2990).Select(static i => $"b{i}"));
        UnifiedDiff.Make("a", "b");
        long start = GC.GetAllocatedBytesForCurrentThread();

        IReadOnlyList<string> difference = UnifiedDiff.Make(before, after);

        Assert.Equal(1 + (2 * 2990), difference.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, 5_000_000);
    }

    /// <summary>Whatever the texts: the lines at the place that a head names are those of the hunk, and both are as long as it says.</summary>
    [Fact]
    public void A_difference_can_be_applied()
    {
        var random = new Random(5);
        for (int round = 0; round < 300; round++)
        {
            string[] before = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(5) is > 0 and var line ? line.ToString(CultureInfo.InvariantCulture) : "")];
            string[] after = [.. before.SelectMany(line => random.Next(8) switch { 0 => [], 1 => [line, "x"], 2 => ["y"], _ => new[] { line } }), "end"];

            Assert.Equal(after, Apply(before, UnifiedDiff.Make(string.Join('\n', before), string.Join('\n', after))));
        }
    }

    private static List<string> Apply(string[] before, IReadOnlyList<string> difference)
    {
        var after = new List<string>();
        int next = 0;
        for (int i = 0; i < difference.Count;)
        {
            int[] head = [.. Head().Match(difference[i++]).Groups.Cast<Group>().Skip(1).Select(group => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 1)];
            string[] hunk = [.. difference.Skip(i).TakeWhile(line => line[0] != '@')];
            i += hunk.Length;
            int start = head[0] - (head[1] > 0 ? 1 : 0);
            after.AddRange(before[next..start]);
            Assert.Equal(head[2] - (head[3] > 0 ? 1 : 0), after.Count);
            Assert.Equal(before[start..(start + head[1])], hunk.Where(line => line[0] != '+').Select(line => line[1..]));
            string[] put = [.. hunk.Where(line => line[0] != '-').Select(line => line[1..])];
            Assert.Equal(head[3], put.Length);
            after.AddRange(put);
            next = start + head[1];
        }

        after.AddRange(before[next..]);
        return after;
    }

    [GeneratedRegex(@"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$")]
    private static partial Regex Head();
}
