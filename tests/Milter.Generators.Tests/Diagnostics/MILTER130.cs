using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER130
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] bool _a;
            [OnHeader] void Field(string [|name|], string [|value|]) => _a |= {|MILTER169:name == "X"|} && value.StartsWith("y", StringComparison.OrdinalIgnoreCase);
            [OnHeader("To", Order = 1)] void To(string [|value|]) => _a |= value is "x" || string.Equals(value, "z", StringComparison.Ordinal);
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [PerMessage] string? _a; [PerMessage] bool _b;
            [OnHeader("A")] void A(string name, string value) { if ({|MILTER169:name == "A"|}) _a = value; }
            [OnHeader("B")] void B(string value) { }
            [OnHeader("C")] async Task C(string value) { await Task.Yield(); _b = value == "c"; }
            [OnHeader("D")] void D(ReadOnlySpan<byte> value) => _b = value.SequenceEqual("d"u8);
            [OnHeader("E")] void E(string value) => _b = value == _a;
        }
        """);
}
