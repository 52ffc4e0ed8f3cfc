using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER048
{
    [Fact]
    public async Task Flags_raw_actions_beside_an_editor() => await Rule.CheckAsync("""
        class Base { [OnEom] protected void Add(HeaderAdder adder) { } }
        [Milter] partial class A : Base { [OnEom] void Eom(MessageActions [|actions|]) { } }
        [Milter] partial class B { [OnEom] void Eom(MessageActions? [|actions|], Quarantine? hold) { } }
        """);

    [Fact]
    public async Task Is_quiet_about_either_alone() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnEom] void Eom(MessageActions actions, Progress progress) { } }
        [Milter] partial class B { [OnEom] void Eom(HeaderEditor a, BodyEditor b) { } }
        """);
}
