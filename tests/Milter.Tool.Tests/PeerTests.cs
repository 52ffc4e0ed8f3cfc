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
        Ran strict = (await Tool.RunAsync("check", twin.EndPoint, "--timeout", "5", "--strict", "--only", "rcpt-first", "negotiation-twice", "http")).Expect(1);
        Assert.Contains("1 passed, 2 warned, 0 FAILED", strict.Output, StringComparison.Ordinal);
    }

    // Filters that serve mail everywhere. A case that calls one of them wrong is wrong itself.
    public static TheoryData<string, string[], string> KnownGood => new()
    {
        { "/usr/sbin/opendkim", ["-f", "-x", "CONFIGURATION"], "Socket local:SOCKET\nDomain example.test\nSelector sel\nKeyFile KEY\nRequireSafeKeys no\nMode s\nSyslog no\nBackground no\nInternalHosts 192.0.2.7\n" },
        { "/usr/sbin/opendmarc", ["-f", "-c", "CONFIGURATION"], "Socket local:SOCKET\nAuthservID mx.example.net\nBackground false\nSyslog false\n" },
        { "/usr/bin/perl", ["PMILTER", "--listen", "unix:SOCKET", "--workload", "rewrite"], "" },
        { "/usr/bin/python3", ["PYMILTER", "unix:SOCKET"], "" },
    };

    [SkippableTheory, MemberData(nameof(KnownGood))]
    public async Task A_known_good_filter_is_not_called_wrong(string program, string[] arguments, string configuration)
    {
        string socket = Path.Combine(_folder.Path, "peer.sock"), file = Path.Combine(_folder.Path, "peer.conf"), key = Path.Combine(_folder.Path, "sel.private");
        Peer.Demand(program switch
        {
            "/usr/bin/perl" => "/usr/share/perl5/Sendmail/PMilter.pm",
            "/usr/bin/python3" => "/usr/lib/python3/dist-packages/Milter/__init__.py",
            _ => program,
        });
        if (configuration.Contains("KEY", StringComparison.Ordinal))
        {
            await Peer.RunAsync("/usr/sbin/opendkim-genkey", "-D", _folder.Path, "-d", "example.test", "-s", "sel", "-b", "1024");
        }

        await File.WriteAllTextAsync(file, configuration.Replace("SOCKET", socket, StringComparison.Ordinal).Replace("KEY", key, StringComparison.Ordinal));
        await using Peer peer = await Peer.StartAsync(socket, program, [.. arguments.Select(argument => argument
            .Replace("SOCKET", socket, StringComparison.Ordinal).Replace("CONFIGURATION", file, StringComparison.Ordinal)
            .Replace("PMILTER", Tool.Beside("Peers/filter.pl"), StringComparison.Ordinal).Replace("PYMILTER", Tool.Beside("Peers/tagger.py"), StringComparison.Ordinal))]);

        Ran ran = await Tool.RunAsync("check", peer.EndPoint, "--timeout", "120", "--legal");

        Assert.True(ran.Code == 0, ran.Output + ran.Error);
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
