using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER071
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        class State { [[|PerMessage|]] public int Count; [[|PerMessage|]] public string? Name { get; set; } [field: [|PerMessage|]] public int Backed { get; set; } }
        [Milter] partial class Filter { readonly State _s = new(); [OnMail] void Mail() { } class Inner { [[|PerMessage|]] int _n; public int N => _n; } }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        abstract class ForOthers { [PerMessage] protected int Count; }
        class Base<T> { [PerMessage] protected T? Value; [OnMail] protected void Mail() { } }
        [Milter] partial class Filter : Base<int> { [PerMessage] int _n; [OnRcpt] Verdict To() => _n++ > 1 ? Verdict.Reject() : default; }
        """);
}
