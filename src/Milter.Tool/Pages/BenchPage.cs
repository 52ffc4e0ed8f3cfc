using System.Globalization;

namespace Milter.Tool;

/// <summary>What a load has come to, as a page: figures, the distribution of times, and how it went from second to second.</summary>
internal static class BenchPage
{
    // Stretched to the page: letters stand beside it.
    private const int Wide = 1000, High = 100;

    // More would stand closer than a pixel on a phone.
    private const int MostPoints = 150;

    public static string Make(LoadRun run, string about)
    {
        var page = new Page($"milter bench: {BenchReport.Number(BenchReport.Rate(run))} messages a second");
        page.Add($"<p class=\"quiet\">{Page.Text(about)}</p>");
        if (run.Errors > 0)
        {
            page.Add($"<p class=\"bad\">{Page.Text(Milter.Client.Counted.Of(run.Errors, "error"))}, the first: {Page.Text(run.FirstError ?? "")}</p>");
        }

        page.AddFigures(
        [
            ("messages", BenchReport.Number(run.Done)),
            ("time", Shown.Time(run.Elapsed)),
            .. run.Verdicts.OrderBy(static pair => pair.Key).Select(static pair => (Milter.Client.WireNames.Of(pair.Key), BenchReport.Number(pair.Value))),
            ("mean", BenchReport.Fine(run.Messages.Mean)),
            .. BenchReport.Percentiles.Select(row => (row.Name, BenchReport.Fine(run.Messages.Percentile(row.Part)))),
            ("max", BenchReport.Fine(run.Messages.Max)),
            ("a session, opened and negotiated, p50", BenchReport.Fine(run.Openings.Percentile(0.5))),
        ]);
        page.Add("<h2>How long a message takes</h2>").Add(Distribution(run));
        List<LoadSample> samples = Folded(run.Samples);
        if (samples.Count > 1)
        {
            page.Add("<h2>Messages a second, as time goes</h2>")
                .Add(Line(samples, "rate", "messages a second", static one => one.Rate, static value => BenchReport.Number(value)))
                .Add("<h2>The slowest message, as time goes</h2>")
                .Add(Line(samples, "worst", "the slowest message", static one => one.Worst.TotalMilliseconds, static value => BenchReport.Fine(TimeSpan.FromMilliseconds(value))));
        }

        return page.ToString();
    }

    private static string Distribution(LoadRun run)
    {
        (TimeSpan UpTo, long Count)[] bars = [.. run.Messages.Bars()];
        long most = Math.Max(1, bars.Select(static bar => bar.Count).DefaultIfEmpty().Max());
        return $"<table>{string.Concat(bars.Select(bar => string.Create(CultureInfo.InvariantCulture, $"<tr><th>≤ {BenchReport.Fine(bar.UpTo)}</th><td>{BenchReport.Number(bar.Count)}</td><td class=\"bar\"><i style=\"width:{100.0 * bar.Count / most:0.#}%\"></i></td></tr>")))}</table>";
    }

    private static List<LoadSample> Folded(IReadOnlyList<LoadSample> samples)
    {
        int each = Math.Max(1, (samples.Count + MostPoints - 1) / MostPoints);
        return [.. samples.Chunk(each).Select(static part => new LoadSample(part[0].From, part[^1].To, part.Sum(static one => one.Messages), part.Max(static one => one.Worst)))];
    }

    private static string Line(List<LoadSample> samples, string kind, string name, Func<LoadSample, double> value, Func<double, string> text)
    {
        double most = Math.Max(samples.Max(value), 1e-6), end = Math.Max(samples[^1].To.TotalSeconds, 1e-6);
        string[] points = [.. samples.Select(one => string.Create(CultureInfo.InvariantCulture, $"{(one.From + one.To).TotalSeconds / 2 / end * Wide:0.#},{(1 - (value(one) / most)) * High:0.#}"))];
        string line = string.Join(' ', points), area = kind == "rate" ? $"<polygon class=\"area\" points=\"0,{High} {line} {Wide},{High}\"/>" : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <div class="plot"><div class="y"><span>{Page.Text(text(most))}</span><span>{Page.Text(text(most / 2))}</span><span>0</span></div>
            <svg viewBox="0 0 {Wide} {High}" preserveAspectRatio="none" role="img" aria-label="{name}, {text(most)} at most"><path class="grid" d="M0 0H{Wide}M0 {High / 2}H{Wide}M0 {High}H{Wide}"/>{area}<polyline class="{kind}" points="{line}"/></svg>
            <div class="x"><span>0 s</span><span>{end:0.#} s</span></div></div>
            """);
    }
}
