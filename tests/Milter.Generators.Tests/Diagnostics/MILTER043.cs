using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER043
{
    [Fact]
    public async Task Flags_types_that_an_attribute_can_t_fill()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            [Milter]
            partial class A
            {
                [OnEom]
                void Eom(
                    [Header("To")] int [|a|],
                    [Macro("i")] byte[] [|b|],
                    [Helo] ReadOnlyMemory<byte> [|c|],
                    [ClientAddress] string [|d|],
                    [Header("To", Decoded = true)] ReadOnlySpan<byte> [|e|],
                    [FromServices] ReadOnlySpan<char> [|f|],
                    [FromServices] int? [|g|]) { }
            }
            """);

        Assert.Equal("[Header] can't be of type 'int'; it is string? or ReadOnlySpan<byte> or HeaderValues", messages[0]);
        Assert.Equal("[ClientAddress] can't be of type 'string'; it is IPAddress?", messages[3]);
    }

    [Fact]
    public async Task Is_quiet_about_those_that_it_can() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnEom] void Eom([Header("To", Decoded = true)] string? a, [FromServices] DateTime b, [FromServices] Uri? c) { } }
        """);
}
