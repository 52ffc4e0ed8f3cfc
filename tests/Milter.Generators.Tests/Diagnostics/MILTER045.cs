using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER045
{
    [Fact]
    public async Task Flags_two_attributes_of_one_parameter() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnEom] void Eom([Header("To")] [Macro("i")] string? [|a|], [Helo, FromServices] string? [|b|]) { } }
        """);

    [Fact]
    public async Task Is_quiet_about_attributes_of_others() => await Rule.CheckAsync("""
        using System.Diagnostics.CodeAnalysis;

        [Milter] partial class A { [OnEom] void Eom([Header("To")] [AllowNull] string? a, [Needs(MilterActions.AddHeaders)] HeaderEditor b) { } }
        """);
}
