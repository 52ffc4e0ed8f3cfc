using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER181
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        await MilterServer.RunAsync<Filter>([|"9199"|]);
        await MilterServer.RunAsync<Filter>([|"/run/filter.sock"|]);
        _ = MilterEndPoint.Parse([|"inet:localhost"|]);
        var options = new MilterOptions { Listen = [|"tcp:9199"|] };
        await MilterServer.StartAsync<Filter>([|"inet:99999@localhost"|]);
        [Milter] partial class Filter { [OnEom] void End() { } }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        await MilterServer.RunAsync<Filter>("inet:9199@localhost");
        await MilterServer.RunAsync<Filter>("unix:/run/filter.sock");
        _ = MilterEndPoint.Parse("inet:localhost:9199");
        var options = new MilterOptions { Listen = "inet6:[::1]:9199" };
        await MilterServer.StartAsync<Filter>(args.Length > 0 ? args[0] : "systemd");
        [Milter] partial class Filter { [OnEom] void End() { } }
        """);
}
