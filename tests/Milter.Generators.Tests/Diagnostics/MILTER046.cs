using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER046
{
    [Fact]
    public async Task Flags_texts_that_can_t_be_told_apart() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnHelo] void Helo(string a, string [|b|]) { }
            [OnHeader("One")] void One(string name, ReadOnlySpan<byte> [|value|]) { }
            [OnHeader("Two")] void Two(string name, string value, string [|more|]) { }
            [OnBody] void Body(ReadOnlySpan<byte> a, ReadOnlySpan<byte> [|b|]) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_about_one_or_a_pair() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnHelo] void Helo(string a, [Macro("j")] string? b, [Macro("_")] string? c, ReadOnlySpan<byte> d) { }
            [OnHeader("One")] void One(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, HeaderField both) { }
            [OnHeader("Two")] void Two(string value) { }
        }
        """);
}
