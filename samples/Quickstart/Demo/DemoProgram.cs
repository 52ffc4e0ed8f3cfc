using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Milter;
using Milter.Client;

namespace Quickstart.Demo;

/// <summary>Shows the filter at work without an MTA: starts it on a free port, plays messages to it as Postfix would, tells what happened.</summary>
internal static class DemoProgram
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs the demo.</summary>
    /// <param name="output">Where to tell.</param>
    /// <param name="colour">Whether with colours.</param>
    /// <param name="showTime">Whether to tell how long the start took.</param>
    /// <param name="files">Messages of the user's own, to be played instead of the demo's.</param>
    /// <returns>The exit code: 0 when all went as expected.</returns>
    public static async Task<int> RunAsync(TextWriter output, bool colour, bool showTime, IEnumerable<string> files)
    {
        var pen = new Pen(output, colour);
        Letter[] own;
        try
        {
            own = [.. files.Select(Letters.Own)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            pen.Line(pen.Bad(e.Message));
            return 1;
        }

        using IHost host = BuildHost();
        await host.StartAsync();
        MilterEndPoint endPoint = host.Services.GetRequiredService<MilterHealth>().EndPoint!;
        if (showTime)
        {
            pen.Line(StartTime.Report());
        }

        var options = new MilterClientOptions { Timeouts = new MilterTimeouts(s_patience, s_patience, s_patience, s_patience) };
        await using var client = new MilterClient(endPoint.ToString(), options);
        var report = new Report(pen);
        int failures = 0;
        foreach (Letter letter in own.Length > 0 ? own : Letters.All)
        {
            failures += await PlayAsync(letter, client, report, pen) ? 0 : 1;
            pen.Line();
        }

        await host.StopAsync();
        pen.Line(failures == 0 ? pen.Good("All as expected.") : pen.Bad($"{failures} not as expected."));
        return failures == 0 ? 0 : 1;
    }

    /// <summary>The filter with the demo's settings, whatever <c>appsettings.json</c> says.</summary>
    private static IHost BuildHost()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Milter:Listen"] = "inet:0@127.0.0.1",
            ["Quickstart:Words:0"] = "lottery",
            ["Quickstart:Words:1"] = "Glückwunsch",
        });
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddExternalTagger();
        return builder.Build();
    }

    private static async Task<bool> PlayAsync(Letter letter, MilterClient client, Report report, Pen pen)
    {
        try
        {
            MilterOutcome outcome = await client.FilterAsync(letter.Session, letter.Message);
            report.Write(letter, outcome);
            if (letter.IsMet(outcome))
            {
                return true;
            }

            pen.Line(pen.Bad($"  NOT AS EXPECTED: {letter.Expected}."));
        }
        catch (MilterClientException e)
        {
            pen.Line(pen.Bad($"  NOT AS EXPECTED: {e.Message}"));
        }

        return false;
    }
}
