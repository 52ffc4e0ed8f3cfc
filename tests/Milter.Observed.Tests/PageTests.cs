using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Milter.Observed.Tests;

/// <summary>Protects the page for Prometheus, and that dashboard and alarms ask for what is on it.</summary>
[Collection(ObservedCollection.Name)]
public sealed partial class PageTests(Observed observed)
{
    // PromQL's words, what Prometheus has by itself, and the labels of the page that are not the milter's.
    private static readonly HashSet<string> s_words = ["sum", "by", "rate", "increase", "histogram_quantile", "le", "unless", "offset", "or", "and", "up", "job", "m", "h", "d"];

    [Fact]
    public async Task The_time_of_handlers_and_of_waits_is_on_the_page_by_stage()
    {
        string page = await PageAsync();

        // Three messages, two recipients each.
        Assert.Equal(6, Value(page, """attrmilter_handler_duration_seconds_count\{[^}]*milter="Postmark",stage="rcpt"[^}]*\}"""));
        Assert.Equal(3, Value(page, """attrmilter_wait_duration_seconds_count\{[^}]*milter="Postmark",stage="eom"[^}]*\}"""));
        Assert.Equal(3, Value(page, """attrmilter_wait_duration_seconds_bucket\{[^}]*milter="Postmark",stage="eom"[^}]*le="120"\}"""));
        Assert.Equal(2, Value(page, """attrmilter_messages_total\{[^}]*milter="Postmark",outcome="passed"[^}]*\}"""));
        Assert.Equal(3, Value(page, """attrmilter_verdicts_total\{[^}]*milter="Postmark",stage="rcpt",verdict="reject"[^}]*\}"""));
        Assert.Equal(2, Value(page, """attrmilter_edits_total\{[^}]*kind="header_add"[^}]*\}"""));
        Assert.Equal(1, Value(page, """attrmilter_healthy\{[^}]*milter="Postmark"[^}]*\}"""));
        Assert.Equal(0, Value(page, """attrmilter_connections_active\{[^}]*milter="Postmark"[^}]*\}"""));
    }

    [Fact]
    public async Task A_slow_bucket_leads_to_the_trace_of_its_message()
    {
        (_, string page) = await observed.GetAsync("/metrics", "application/openmetrics-text; version=1.0.0");
        Assert.Matches("""attrmilter_wait_duration_seconds_bucket\{[^}]*stage="eom"[^}]*\} \d+ [0-9.]*\s?# \{[^}]*trace_id="[0-9a-f]{32}""", page);
    }

    [Fact]
    public async Task Every_query_of_the_dashboard_asks_for_what_is_on_the_page() => Check(await PageAsync(), Queries.OfDashboard());

    [Fact]
    public async Task Every_alarm_asks_for_what_is_on_the_page() => Check(await PageAsync(), Queries.OfAlarms());

    [Fact]
    public void The_dashboard_is_whole()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "dashboard.json")));
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];
        Assert.NotEmpty(panels);
        Assert.Equal(panels.Length, panels.Select(static panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, static panel => Assert.NotEqual("", panel.GetProperty("title").GetString()));

        // No panel lies on another.
        HashSet<(int, int)> taken = [];
        foreach (JsonElement place in panels.Select(static panel => panel.GetProperty("gridPos")))
        {
            int Of(string name) => place.GetProperty(name).GetInt32();
            Assert.InRange(Of("x") + Of("w"), 1, 24);
            for (int x = Of("x"); x < Of("x") + Of("w"); x++)
            {
                for (int y = Of("y"); y < Of("y") + Of("h"); y++)
                {
                    Assert.True(taken.Add((x, y)));
                }
            }
        }
    }

    [Theory]
    [InlineData("/health/ready", "Healthy")]
    [InlineData("/health/live", "Healthy")]
    public async Task Probes_have_their_pages(string path, string text) => Assert.Equal((System.Net.HttpStatusCode.OK, text), await observed.GetAsync(path));

    private async Task<string> PageAsync() => (await observed.GetAsync("/metrics")).Text;

    private static void Check(string page, string[] queries)
    {
        Assert.NotEmpty(queries);
        HashSet<string> known = [.. s_words, .. Names().Matches(page).Select(static name => name.Value), .. Labels().Matches(page).Select(static label => label.Groups[1].Value)];
        Assert.All(queries, query =>
        {
            string bare = Strings().Replace(query, "");
            Assert.Equal("", string.Join(' ', Words().Matches(bare).Select(static word => word.Value).Where(word => !known.Contains(word))));
        });
    }

    private static double Value(string page, string series)
    {
        Match found = Regex.Match(page, $"^{series} ([0-9.e+-]+)", RegexOptions.Multiline);
        Assert.True(found.Success, $"{series} is not on\n{page}");
        return double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^[a-z_]+", RegexOptions.Multiline)]
    private static partial Regex Names();

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex Labels();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Strings();

    [GeneratedRegex("[a-z_]+")]
    private static partial Regex Words();
}

/// <summary>What dashboard and alarms ask for.</summary>
internal static partial class Queries
{
    /// <summary>The dashboard's, its variables filled in.</summary>
    public static string[] OfDashboard()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "dashboard.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!.Replace("$milter", ".+", StringComparison.Ordinal).Replace("$__rate_interval", "1m", StringComparison.Ordinal))];
    }

    /// <summary>The alarms'.</summary>
    public static string[] OfAlarms() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "alerts.yml")).Select(static line => line.Trim()).Where(static line => line.StartsWith("expr: ", StringComparison.Ordinal)).Select(static line => line["expr: ".Length..])];
}
