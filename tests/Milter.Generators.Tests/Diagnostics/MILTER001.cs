using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER001
{
    [Fact]
    public async Task Flags_the_class_and_each_type_around_it() => await Rule.CheckAsync("""
        [Milter] class [|Filter|] { }
        [Milter] record [|Kept|];
        class [|Outer|] { struct [|Middle|] { [Milter] partial class Inner { } } }
        """);

    [Fact]
    public async Task Is_quiet_when_all_are_partial() => await Rule.CheckAsync("""
        [Milter] partial class Filter { [OnEom] void End() { } }
        partial class Filter { }
        static partial class Outer { internal partial interface IMiddle { [Milter] internal partial record Inner { [OnEom] void End() { } } } }
        """);

    [Fact]
    public async Task Obeys_a_pragma() => await Rule.CheckAsync("""
        #pragma warning disable MILTER001
        [Milter] class Filter { }
        """);
}
