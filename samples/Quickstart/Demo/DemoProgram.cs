using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Milter;

namespace Quickstart.Demo;

/// <summary>Shows the filter at work without an MTA: starts it on a free port, plays messages to it, tells what happened.</summary>
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
        Letters.Scene[] own;
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

        int failures = 0;
        var report = new Report(pen);
        foreach (Letters.Scene scene in own.Length > 0 ? own : Letters.All)
        {
            failures += await PlayAsync(scene, endPoint, report, pen) ? 0 : 1;
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

    private static async Task<bool> PlayAsync(Letters.Scene scene, MilterEndPoint endPoint, Report report, Pen pen)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var target = new IPEndPoint(IPAddress.Loopback, endPoint.Port);
            await using FilterConnection connection = await FilterConnection.OpenAsync(target, patience.Token);
            Playback played = await new MtaSession(connection, scene.Letter, patience.Token).PlayAsync();
            report.Write(played);
            if (scene.IsMet(played))
            {
                return true;
            }

            pen.Line(pen.Bad($"  NOT AS EXPECTED: {scene.Expected}."));
        }
        catch (OperationCanceledException)
        {
            pen.Line(pen.Bad($"  NOT AS EXPECTED: the filter did not answer within {s_patience.TotalSeconds:F0} s."));
        }
        catch (Exception e) when (e is ProtocolException or SocketException or IOException)
        {
            pen.Line(pen.Bad($"  NOT AS EXPECTED: {e.Message}."));
        }

        return false;
    }
}
