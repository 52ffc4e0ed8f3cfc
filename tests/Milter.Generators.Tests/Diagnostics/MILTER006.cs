using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER006
{
    [Fact]
    public async Task Flags_a_required_member() => await Rule.CheckAsync("""
        [Milter] public partial class A { public required int [|Limit|] { get; init; } }
        public class Base { public required string [|Name|]; }
        [Milter] public partial class B : Base { }
        """);

    [Fact]
    public async Task Is_quiet_when_the_constructor_sets_them() => await Rule.CheckAsync("""
        using System.Diagnostics.CodeAnalysis;

        [Milter] public partial class A { [OnEom] void End() { } [SetsRequiredMembers] public A() { } public required int Limit { get; init; } }
        """);
}
