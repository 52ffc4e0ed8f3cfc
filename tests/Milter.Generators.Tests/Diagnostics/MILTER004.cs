using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER004
{
    [Fact]
    public async Task Flags_a_choice_of_constructors() => await Rule.CheckAsync("""
        [Milter] partial class [|Two|](int x) { public Two() : this(1) { } public int X => x; }
        [Milter] partial class [|TwoPrivate|] { private TwoPrivate(Uri u) { } private TwoPrivate(Version v) { } }
        """);

    [Fact]
    public async Task Is_quiet_when_there_is_one_to_take() => await Rule.CheckAsync("""
        [Milter] partial class None { [OnEom] void End() { } }
        [Milter] partial record Copied(Version V) { [OnEom] void End() { } }
        [Milter] partial class OnePrivate { [OnEom] void End() { } private OnePrivate(Uri u) { } }
        [Milter] partial class OnePublic { [OnEom] void End() { } public OnePublic(Uri u) { } protected OnePublic() { } static OnePublic() { } }
        """);
}
