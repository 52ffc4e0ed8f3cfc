using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Milter.Observed.Tests;

/// <summary>Protects alarms and dashboard where Debian's prometheus is installed: promtool takes the rules and plays their tests, and Prometheus itself answers every query from the sample's page.</summary>
[Collection(ObservedCollection.Name)]
public sealed class PrometheusTests(Observed observed)
{
    private static readonly string s_folder = Environment.GetEnvironmentVariable("ATTRMILTER_PROMETHEUS") ?? "/usr/bin";

    [SkippableTheory]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("check", "config", "--syntax-only", "prometheus.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task Promtool_finds_nothing_wrong(params string[] arguments)
    {
        using Process promtool = Start("promtool", AppContext.BaseDirectory, arguments);
        string output = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, output);
    }

    [SkippableFact]
    public async Task Prometheus_answers_every_query_of_the_dashboard_from_the_page()
    {
        Demand("prometheus");
        string folder = Directory.CreateTempSubdirectory("prometheus-").FullName;
        int port = FreePort();
        await File.WriteAllTextAsync(
            Path.Combine(folder, "prometheus.yml"),
            $"""
            global: [scrape_interval: 2s]
            """.Replace("[", "{", StringComparison.Ordinal).Replace("]", "}", StringComparison.Ordinal) + $"""

            scrape_configs:
              - job_name: milter
                static_configs:
                  - targets: ["{observed.Address.Authority}"]
            """);
        using Process prometheus = Start("prometheus", folder, ["--config.file=prometheus.yml", $"--web.listen-address=127.0.0.1:{port}", "--storage.tsdb.path=data", "--log.level=error"]);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

            // A rate takes two looks at a counter, and a look may come to nothing on a slow machine.
            await UntilAsync(async () => await CountAsync(client, "sum_over_time(up{job=\"milter\"}[1m]) >= 3") > 0);
            foreach (string query in Queries.OfDashboard())
            {
                Assert.True(await CountAsync(client, query) > 0, $"no answer to {query}");
            }
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Demand(string program) => Skip.IfNot(File.Exists(Path.Combine(s_folder, program)), "Debian's prometheus is not installed (or ATTRMILTER_PROMETHEUS is not its folder)");

    private static Process Start(string program, string folder, IEnumerable<string> arguments)
    {
        Demand(program);
        return Process.Start(new ProcessStartInfo(Path.Combine(s_folder, program), arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    // Below the range of which the kernel gives ports by itself: nobody gets ours before Prometheus has it.
    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(10_000, 15_000);
            try
            {
                using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another.
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 1_200; i++)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        throw new Xunit.Sdk.XunitException("Prometheus has not read the page");
    }

    private static async Task<int> CountAsync(HttpClient client, string query)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative));
        string text = await response.Content.ReadAsStringAsync();
        using JsonDocument answer = JsonDocument.Parse(text.StartsWith('{') ? text : "{\"status\":\"starting\"}");
        string? status = answer.RootElement.GetProperty("status").GetString();
        Assert.True(status != "error", $"{query}: {text}");
        return status == "success" ? answer.RootElement.GetProperty("data").GetProperty("result").GetArrayLength() : 0;
    }
}
