using System.Diagnostics.Metrics;
using System.Globalization;
using Milter.Listening;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects the endpoint from those who were not let in.</summary>
public abstract class PeerTests(MilterTransport transport) : IDisposable
{
    private readonly TestServices _services = new();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.0.2.0/24", false)]
    [InlineData("::1", false)]
    public async Task Over_TCP_those_networks_may_connect_and_no_others(string network, bool isAllowed)
    {
        await using MilterServer server = await StartAsync("inet:0@localhost", options => options.AllowedNetworks = [network]);

        await CheckAsync(server, isAllowed, "127.0.0.1:");
    }

    [Fact]
    public async Task On_all_interfaces_an_IPv4_peer_is_known_by_its_IPv4_address()
    {
        await using MilterServer server = await StartAsync(System.Net.Sockets.Socket.OSSupportsIPv6 ? "inet6:0" : "inet:0", options => options.AllowedNetworks = ["127.0.0.1"]);

        using Mta mta = await Mta.ConnectAsync(MilterEndPoint.Parse($"inet:{server.EndPoint.Port}@127.0.0.1"));
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
    }

    [SkippableTheory]
    [InlineData("me", null, true)]
    [InlineData(null, "mine", true)]
    [InlineData("64999", "mine", true)]
    [InlineData("64999", null, false)]
    [InlineData(null, "64999", false)]
    public async Task Over_a_unix_socket_those_users_and_groups_may_connect_and_no_others(string? user, string? group, bool isAllowed)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "peers of unix sockets are known on Linux");
        using var folder = new TemporaryFolder();
        PeerCredentials me = await MeAsync();
        await using MilterServer server = await StartAsync($"unix:{folder.Path}/s", options =>
        {
            options.AllowedUsers = user is null ? [] : [user == "me" ? $"{me.User}" : user];
            options.AllowedGroups = group is null ? [] : [group == "mine" ? $"{me.Group}" : group];
        });

        await CheckAsync(server, isAllowed, $"unix (uid {me.User}, gid {me.Group}, pid {Environment.ProcessId})");
    }

    [SkippableFact]
    public async Task Users_are_known_by_their_names_and_a_name_that_nobody_has_is_told()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "peers of unix sockets are known on Linux");
        using var folder = new TemporaryFolder();
        await using MilterServer server = await StartAsync($"unix:{folder.Path}/s", options => options.AllowedUsers = ["root", Environment.UserName]);
        await CheckAsync(server, true, "unix (uid ");

        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync($"unix:{folder.Path}/t", options => options.AllowedGroups = ["nobody-has-this"]));
        Assert.StartsWith("MilterOptions.AllowedGroups:0: there is no group \"nobody-has-this\" on this machine. Write one that there is, or a number.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_them_is_ten_lines_and_a_number_and_all_are_counted()
    {
        long counted = 0;
        string name = $"Scripted";
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "attrmilter.connections.denied") { listener.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        listener.Start();
        MilterServer server = await StartAsync("inet:0@localhost", options => options.AllowedNetworks = ["192.0.2.1"]);
        for (int i = 0; i < 25; i++)
        {
            using Mta mta = await Mta.ConnectAsync(server.EndPoint);
            Assert.Equal("", await mta.ReadToEndAsync());
        }

        await server.StopAsync();

        Assert.Equal(10, _services.Log.Count(line => line.StartsWith("Warning 119", StringComparison.Ordinal)));
        Assert.Contains(_services.Log, line => line == $"Warning 120 {name}: 15 more connections of those who may not connect were closed");
        Assert.True(counted >= 25, counted.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0, server.Health.Connections);
    }

    [Fact]
    public async Task Who_may_connect_can_be_changed_while_it_runs()
    {
        await using MilterServer server = await StartAsync("inet:0@localhost", options => options.AllowedNetworks = ["192.0.2.1"]);
        await CheckAsync(server, false, "127.0.0.1:");

        server.Reload(options => options.AllowedNetworks = ["127.0.0.1"]);

        await CheckAsync(server, true, null);
    }

    private static async Task<PeerCredentials> MeAsync()
    {
        using var folder = new TemporaryFolder();
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder.Path + "/me"));
        listener.Listen();
        using Mta mta = await Mta.ConnectAsync(MilterEndPoint.Parse($"unix:{folder.Path}/me"));
        return PeerCredentials.Of(mta.Socket)!.Value;
    }

    private async Task CheckAsync(MilterServer server, bool isAllowed, string? peer)
    {
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        if (isAllowed)
        {
            Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
            Assert.Contains(_services.Log, line => line.StartsWith("Debug 101", StringComparison.Ordinal) && line.Contains($"connected from {peer}", StringComparison.Ordinal));
            return;
        }

        Assert.Equal("", await mta.ReadToEndAsync());
        Assert.Contains(_services.Log, line => line.StartsWith($"Warning 119 Scripted: {peer}", StringComparison.Ordinal));
    }

    private Task<MilterServer> StartAsync(string endPoint, Action<MilterOptions> configure) => MilterServer.StartAsync(
        endPoint,
        () => new ScriptedFilter(),
        options =>
        {
            options.Transport = transport;
            configure(options);
        },
        _services);
}
