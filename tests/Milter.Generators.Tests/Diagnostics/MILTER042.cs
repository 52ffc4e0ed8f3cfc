using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER042
{
    [Fact]
    public async Task Flags_views_in_asynchronous_handlers()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            [Milter]
            partial class A
            {
                [OnBody] Task Body(ReadOnlySpan<byte> [|chunk|]) => Task.CompletedTask;
                [OnHeader] ValueTask<Verdict> Header(HeaderField [|header|]) => default;
                [OnMail] ValueTask Mail([Macro("j")] ReadOnlySpan<byte> [|id|], ReadOnlySpan<byte> [|sender|]) => default;
            }
            """);

        Assert.Equal("'chunk' is a view that ends when the method first waits, and 'Body' is asynchronous; take it as ReadOnlyMemory<byte>, or return void or Verdict", messages[0]);
    }

    [Fact]
    public async Task Is_quiet_about_memory_and_text() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnBody] Task Body(ReadOnlyMemory<byte> chunk, ReadOnlySequence<byte> again) => Task.CompletedTask;
            [OnHeader] ValueTask<Verdict> Header(string name, string value) => default;
            [OnMail] ValueTask Mail([Macro("j")] string? id) => default;
        }
        """);
}
