using System.Text.RegularExpressions;

namespace Milter.Tool.Tests;

/// <summary>Protects the pages of <c>bench</c> and <c>trace</c>: one file that asks nobody for anything, and shows what the command knows.</summary>
public sealed partial class PageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bench_writes_its_figures_the_distribution_and_how_it_went()
    {
        await using MilterServer filter = await MilterServer.StartAsync<Deciding>("inet:0@127.0.0.1");

        string page = await PageAsync("bench", filter.EndPoint.ToString(), "--messages", "300", "--connections", "3");

        AssertNeedsNothing(page);
        Assert.Contains("<dt>messages</dt><dd>300</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>ACCEPT</dt><dd>300</dd>", page, StringComparison.Ordinal);
        Assert.Contains("3 connections at a time", page, StringComparison.Ordinal);
        Assert.Equal(300, Row().Matches(page).Sum(static row => int.Parse(row.Groups["count"].Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("<polyline class=\"rate\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_shows_both_sides_the_waits_and_the_changes()
    {
        await using MilterServer filter = await MilterServer.StartAsync<Deciding>("inet:0@127.0.0.1");
        string listen = $"unix:{_folder.Path}/trace.sock";
        Task<string> tracing = PageAsync("trace", listen, filter.EndPoint.ToString(), "--sessions", "1");

        (await Tool.RunAsync("From: a@example.test\nSubject: <b>hello</b>\n\nbody\n", ["send", listen])).Expect(0);

        string page = await tracing;
        AssertNeedsNothing(page);
        Assert.Contains("<li class=\"mta\"><time>", page, StringComparison.Ordinal);
        Assert.Contains("<b>← ACCEPT</b>", page, StringComparison.Ordinal);
        Assert.Contains("<b>HEADER →</b>", page, StringComparison.Ordinal);
        Assert.Equal(3, Wait().Count(page));
        Assert.Contains("Subject: &lt;b&gt;hello&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("class=\"wait\" title=\"the MTA waited", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"minus\">-Subject: &lt;b&gt;hello&lt;/b&gt;</span><span class=\"plus\">+Subject: [- ", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench", "inet:1@127.0.0.1")]
    [InlineData("trace", "inet:0@127.0.0.1", "inet:1@127.0.0.1")]
    public async Task A_page_that_cant_be_written_is_told_at_once(params string[] command)
    {
        Ran run = await Tool.RunAsync([.. command, "--html", Path.Combine(_folder.Path, "missing", "page.html")]);

        run.Expect(73);
        Assert.Contains("--html", run.Error, StringComparison.Ordinal);
    }

    private static void AssertNeedsNothing(string page)
    {
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("""<script|(?:src|href)="(?!data:)|url\(|@import|https?:""", page);
        Assert.Contains("content=\"default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("width=device-width", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("class=\"wait\"")]
    private static partial Regex Wait();

    [GeneratedRegex("<tr><th>[^<]*</th><td>(?<count>[^<]*)</td>")]
    private static partial Regex Row();

    private async Task<string> PageAsync(params string[] command)
    {
        string page = Path.Combine(_folder.Path, "page.html");
        (await Tool.RunAsync([.. command, "--html", page])).Expect(0);
        return File.ReadAllText(page);
    }
}
