using Quickstart.Demo;

namespace Milter.Samples.Tests;

public sealed class UnifiedDiffTests
{
    // The expected texts were made with diff -u.
    [Theory]
    [InlineData("a b c", "a b c", "")]
    [InlineData("a b c", "a x c", "@@ -1,3 +1,3 @@| a|-b|+x| c")]
    [InlineData("1 2 3 4 5 6 7 8 9", "1 2 3 4 5 6 7 8 9 x", "@@ -7,3 +7,4 @@| 7| 8| 9|+x")]
    [InlineData("a 1 2 3 4 5 6 b", "A 1 2 3 4 5 6 B", "@@ -1,8 +1,8 @@|-a|+A| 1| 2| 3| 4| 5| 6|-b|+B")]
    [InlineData("a 1 2 3 4 5 6 7 b", "A 1 2 3 4 5 6 7 B", "@@ -1,4 +1,4 @@|-a|+A| 1| 2| 3|@@ -6,4 +6,4 @@| 5| 6| 7|-b|+B")]
    [InlineData("a", "", "@@ -1,1 +0,0 @@|-a")]
    public void It_is_what_diff_tells(string before, string after, string expected) =>
        Assert.Equal(Split(expected, '|'), UnifiedDiff.Make(Split(before, ' '), Split(after, ' ')));

    private static string[] Split(string text, char separator) => text.Length == 0 ? [] : text.Split(separator);
}
