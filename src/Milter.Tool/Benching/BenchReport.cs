using System.Globalization;
using System.Text.Json.Nodes;
using Milter.Client;

namespace Milter.Tool;

/// <summary>What a load has come to.</summary>
internal static class BenchReport
{
    public static readonly IReadOnlyList<(string Name, double Part)> Percentiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    // Room for the longest bar.
    private const int Widest = 50;

    public static void Write(Terminal terminal, LoadRun run)
    {
        terminal.Marked($"{Shown.Title(Number(Rate(run)) + " messages a second")}: {Counted.Of(run.Done, "message")} in {Shown.Time(run.Elapsed)}");
        terminal.Line($"verdicts   {Shown.List(run.Verdicts.OrderBy(pair => pair.Key).Select(pair => $"{WireNames.Of(pair.Key)} {Number(pair.Value)}"))}");
        if (run.Errors > 0)
        {
            terminal.Marked($"{Shown.Bad($"errors     {run.Errors}")}, the first: {Shown.Text(run.FirstError ?? "")}");
        }

        terminal.Line($"a message  {Times(run.Messages)}");
        terminal.Line($"a session  {Times(run.Openings)} to be opened and negotiated");
        terminal.Line();
        long most = Math.Max(1, run.Messages.Bars().Select(bar => bar.Count).DefaultIfEmpty().Max());
        foreach ((TimeSpan upTo, long count) in run.Messages.Bars())
        {
            string bar = new('█', (int)Math.Ceiling((double)count * Widest / most));
            terminal.Marked($"{$"≤ {Fine(upTo)}",14} {Number(count),9} {Shown.Good(bar)}");
        }
    }

    public static JsonObject Json(LoadRun run) => new()
    {
        ["messages"] = run.Done,
        ["errors"] = run.Errors,
        ["firstError"] = run.FirstError,
        ["seconds"] = Math.Round(run.Elapsed.TotalSeconds, 3),
        ["messagesPerSecond"] = Math.Round(Rate(run), 1),
        ["verdicts"] = new JsonObject(run.Verdicts.Select(pair => KeyValuePair.Create(WireNames.Of(pair.Key), (JsonNode?)pair.Value))),
        ["messageMilliseconds"] = Json(run.Messages),
        ["openMilliseconds"] = Json(run.Openings),
        ["histogram"] = new JsonArray([.. run.Messages.Bars().Select(bar => (JsonNode)new JsonObject { ["upToMilliseconds"] = SendJson.Milliseconds(bar.UpTo), ["count"] = bar.Count })]),
    };

    private static JsonObject Json(Histogram histogram) => new(
    [
        KeyValuePair.Create("mean", (JsonNode?)SendJson.Milliseconds(histogram.Mean)),
        .. Percentiles.Select(row => KeyValuePair.Create(row.Name, (JsonNode?)SendJson.Milliseconds(histogram.Percentile(row.Part)))),
        KeyValuePair.Create("max", (JsonNode?)SendJson.Milliseconds(histogram.Max)),
    ]);

    public static double Rate(LoadRun run) => run.Elapsed > TimeSpan.Zero ? run.Done / run.Elapsed.TotalSeconds : 0;

    private static string Times(Histogram histogram) =>
        string.Join("  ", [$"mean {Fine(histogram.Mean)}", .. Percentiles.Select(row => $"{row.Name} {Fine(histogram.Percentile(row.Part))}"), $"max {Fine(histogram.Max)}"]);

    public static string Fine(TimeSpan time) => time.TotalMilliseconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.000} ms") : Shown.Time(time);

    public static string Number(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
