using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER141
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        using Microsoft.Extensions.DependencyInjection;
        await MilterServer.RunAsync<[|Plain|]>("inet:1@localhost");
        _ = MilterDescriptor.Of<[|Plain|]>();
        await MilterServer.StartAsync<[|Number|]>("inet:1@localhost");
        services.AddMilter<[|Plain|]>();
        class Plain { }
        struct Number { }
        partial class Program { static Microsoft.Extensions.DependencyInjection.IServiceCollection services = null!; }
        """, compilerErrors: true);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        await MilterServer.RunAsync<Filter>("inet:1@localhost");
        await Run<Filter>();
        Lazy<string>.Equals(null, null);
        static Task Run<T>() where T : class, Milter.CompilerServices.IMilter<T> => MilterServer.RunAsync<T>("inet:1@localhost");
        [Milter] partial class Filter { [OnEom] void End() { } }
        """);
}
