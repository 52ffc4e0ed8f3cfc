using System.Globalization;
using System.Text.RegularExpressions;

namespace Milter.Samples.Tests.Docs;

/// <summary>docs/options.md lists the options and entries of the log that there are, with their defaults and levels, and no others.</summary>
public sealed partial class OptionsPageTests
{
    private static readonly Dictionary<string, string[]> s_options = TableUnder("## All options");

    public static TheoryData<string> Options => [.. typeof(MilterOptions).GetProperties().Select(static option => option.Name)];

    [Fact]
    public void Exactly_the_options_that_there_are() =>
        Assert.Equal(typeof(MilterOptions).GetProperties().Select(static option => option.Name).Order(), s_options.Keys.Order());

    [Theory, MemberData(nameof(Options))]
    public void Each_with_its_default(string option)
    {
        string shown = s_options[option][1].Trim('`');
        object? value = typeof(MilterOptions).GetProperty(option)!.GetValue(new MilterOptions());

        // What nothing stands for is described: "the process's user", "everywhere".
        string? expected = value is null or (System.Collections.IEnumerable and not string) ? null : Said(value);
        Assert.Equal(expected ?? shown, expected is null ? shown : shown.Split(" (")[0].Replace(" bytes", "", StringComparison.Ordinal));
        Assert.NotEqual("", shown);
    }

    [Fact]
    public void Exactly_the_entries_of_the_log_that_there_are()
    {
        string[] written =
        [
            .. Page.Files("*.cs", "src/Milter.Runtime").SelectMany(static file => Entry().Matches(File.ReadAllText(Path.Combine(Page.Root, file))))
                .Select(static entry => $"{entry.Groups["id"].Value} {entry.Groups["level"].Value}").Order(StringComparer.Ordinal),
        ];

        Assert.True(written.Length > 30);
        Assert.Equal(written, TableUnder("### Log").Select(static row => $"{row.Key} {row.Value[1]}").Order(StringComparer.Ordinal));
    }

    private static string Said(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeSpan time when time < TimeSpan.FromSeconds(1) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds} ms"),
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
        int or long => string.Format(CultureInfo.InvariantCulture, "{0:#,0}", value),
        _ => value.ToString()!,
    };

    private static Dictionary<string, string[]> TableUnder(string heading)
    {
        Page page = Page.Read("docs/options.md");
        int at = Array.IndexOf(page.Lines, heading);
        return page.Tables().First(table => table.Line > at).Rows.Skip(2).Select(Page.Cells).ToDictionary(static cells => cells[0].Trim('`'));
    }

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(?<id>\d+), (?:Level = )?LogLevel\.(?<level>\w+)")]
    private static partial Regex Entry();
}
