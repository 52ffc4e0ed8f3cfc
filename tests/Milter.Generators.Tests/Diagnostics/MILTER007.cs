using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER007
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter] partial class [|Empty|] { }
        [Milter] partial class [|Helpers|](int limit) { [PerMessage] int _n; Verdict Judge(int n) => n > limit + _n ? Verdict.Reject() : default; }
        class Base { protected virtual void Mail() { } }
        [Milter] partial class [|Derived|] : Base { protected override void Mail() { } }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        abstract class Base { [OnMail] protected virtual void Mail() { } }
        [Milter] partial class Inherits : Base { }
        [Milter] partial class Overrides : Base { protected override void Mail() { } }
        [Milter] class {|MILTER001:Unfinished|} { }
        """);
}
