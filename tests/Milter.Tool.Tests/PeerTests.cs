using System.Text.Json;
using Milter.Client.Tests;

namespace Milter.Tool.Tests;

/// <summary>The same commands against the probe on libmilter.</summary>
public sealed class PeerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Send()
    {
        await using Peer twin = await StartTwinAsync();
        Ran ran = (await Tool.RunAsync("From: a@b.test\nTo: c@d.test\nX-Probe-Do: insert 0 X-Top first\nX-Probe-Do: progress\n\nhi\n", ["send", twin.EndPoint])).Expect(0);
        Assert.Contains("ACCEPT", ran.Output.Replace("CONTINUE", "ACCEPT", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("after 1 notice of progress", ran.Output, StringComparison.Ordinal);
        Assert.Contains("+X-Top: first\n", ran.Output, StringComparison.Ordinal);
        (await Tool.RunAsync("X-Probe-Verdict: eom=tempfail\n\nhi\n", ["send", twin.EndPoint])).Expect(75);
    }

    [SkippableFact]
    public async Task Check()
    {
        await using Peer twin = await StartTwinAsync();
        Ran ran = (await Tool.RunAsync("check", twin.EndPoint, "--timeout", "20", "--legal", "--json")).Expect(0);
        Assert.All(JsonDocument.Parse(ran.Output).RootElement.GetProperty("cases").EnumerateArray(), one => Assert.Equal("passed", one.GetProperty("outcome").GetString()));

        // Libmilter is silent where a command comes out of order.
        Ran strict = (await Tool.RunAsync("check", twin.EndPoint, "--timeout", "1", "--strict", "--only", "rcpt-first", "negotiation-twice", "http")).Expect(1);
        Assert.Contains("1 passed, 2 warned, 0 FAILED", strict.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Bench()
    {
        await using Peer twin = await StartTwinAsync();
        Ran ran = (await Tool.RunAsync("bench", twin.EndPoint, "-n", "50", "-c", "5")).Expect(0);
        Assert.Contains("verdicts   CONTINUE 50", ran.Output, StringComparison.Ordinal);
    }

    private async Task<Peer> StartTwinAsync()
    {
        Peer.Demand("/usr/bin/cc", "/usr/include/libmilter/mfapi.h");
        string program = Path.Combine(_folder.Path, "twin");
        await Peer.RunAsync("/usr/bin/cc", "-O1", "-o", program, Tool.Beside("Peers/probe.c"), "-lmilter", "-lpthread");
        string socket = Path.Combine(_folder.Path, "twin.sock");
        return await Peer.StartAsync(socket, program, "--listen", "unix:" + socket);
    }
}
