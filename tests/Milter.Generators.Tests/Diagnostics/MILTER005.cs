using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER005
{
    [Fact]
    public async Task Flags_what_no_provider_can_give() => await Rule.CheckAsync("""
        using Microsoft.Extensions.DependencyInjection;

        [Milter] partial class A { public A(ref int [|a|], in Version [|b|], out Uri [|c|], ReadOnlySpan<char> [|d|]) { c = null!; } }
        [Milter] partial class B { public B([FromKeyedServices(DayOfWeek.Monday)] Version [|v|]) { } }
        """);

    [Fact]
    public async Task Is_quiet_about_services() => await Rule.CheckAsync("""
        using Microsoft.Extensions.DependencyInjection;

        [Milter] partial class A { [OnEom] void End() { } public A(IServiceProvider a, Version b, Uri? c, IEnumerable<string?> d, [FromKeyedServices(5)] Version e, int f = 3, params string[] g) { } }
        """);
}
