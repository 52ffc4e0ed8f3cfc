using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER140
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        Console.WriteLine();
        [Milter] partial class [|Idle|] { [OnEom] void End() { } }
        [Milter] partial class Used { [OnEom] void End() { } }
        partial class Program { static Task Run() => MilterServer.RunAsync<Used>("inet:1@localhost"); }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        using Microsoft.Extensions.DependencyInjection;
        Helper<One>(); _ = MilterDescriptor.Of<Two>(); services.AddMilter<Three>();
        static void Helper<T>() { }
        partial class Program { static Microsoft.Extensions.DependencyInjection.IServiceCollection services = null!; }
        [Milter] partial class One { [OnEom] void End() { } } [Milter] partial class Two { [OnEom] void End() { } } [Milter] partial class Three { [OnEom] void End() { } }
        """);
}
