using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Milter.Mta.Tests;

/// <summary>Protects <c>docs/mta-differences.md</c> from claims that nothing proves: every row names tests, and they exist.</summary>
public sealed partial class DifferencesTests
{
    private static readonly string[] s_rows = [.. Rows()];

    public static TheoryData<string> AllRows => [.. s_rows];

    [Fact]
    public void There_are_rows() => Assert.True(s_rows.Length > 20);

    [Theory, MemberData(nameof(AllRows))]
    public void A_row_names_tests_that_exist(string row)
    {
        string[] cells = row.Trim('|').Split(" | ");
        Assert.Equal(5, cells.Length);
        Match[] tests = [.. NamedTest().Matches(cells[^1]).Cast<Match>()];

        Assert.NotEmpty(tests);
        Assert.Equal("", NamedTest().Replace(cells[^1], "").Trim());
        Assert.All(tests, test => AssertExists(test.Groups["class"].Value, test.Groups["method"].Value, test.Groups["case"].Value));
    }

    private static void AssertExists(string className, string method, string name)
    {
        Type? type = typeof(DifferencesTests).Assembly.GetType($"{typeof(DifferencesTests).Namespace}.{className}");
        MethodInfo? test = type?.GetMethod(method, BindingFlags.Public | BindingFlags.Instance);
        Assert.True(test is not null, $"There is no {className}.{method}.");
        Assert.NotNull(test.GetCustomAttribute<FactAttribute>());
        if (name.Length > 0)
        {
            MemberDataAttribute data = test.GetCustomAttribute<MemberDataAttribute>()!;
            IEnumerable rows = data.GetData(test);
            Assert.Contains(rows.Cast<object[]>(), row => row.Contains(name));
        }
    }

    private static IEnumerable<string> Rows([CallerFilePath] string here = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/mta-differences.md");
        return File.ReadLines(path).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| what", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal));
    }

    [GeneratedRegex("""`(?<class>\w+)\.(?<method>\w+)(\("(?<case>[^"]+)"\))?`""")]
    private static partial Regex NamedTest();
}
