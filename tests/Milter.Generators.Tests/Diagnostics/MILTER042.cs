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
                [OnBody] async Task Body(ReadOnlySpan<byte> [|chunk|]) => await Task.Yield();
                [OnHeader] async ValueTask<Verdict> Header(HeaderField [|header|]) { await Task.Yield(); return default; }
                [OnMail] async ValueTask Mail([Macro("j")] ReadOnlySpan<byte> [|id|], ReadOnlySpan<byte> [|sender|]) => await Task.Yield();
            }
            """, compilerErrors: true);

        Assert.Equal("'chunk' is a view that ends when the method first waits, and 'Body' is async; take it as ReadOnlyMemory<byte>, or copy what is needed and hand it to an async method", messages[0]);
    }

    [Fact]
    public async Task Is_quiet_about_views_in_handlers_that_are_not_async() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnBody] ValueTask<Verdict> Body(ReadOnlySpan<byte> chunk) => chunk.Length < 3 ? new(Verdict.Continue) : SlowAsync(chunk.ToArray());
            [OnHeader(Order = 1)] Task Header(HeaderField header) => header.Is("X") ? SlowAsync([]).AsTask() : Task.CompletedTask;
            [OnHeader(Order = 2)] async Task<Verdict> Again(string value) { await Task.Yield(); return value == "" ? Verdict.Reject() : default; }
            [OnMail] ValueTask<Verdict> Mail([Macro("j")] ReadOnlySpan<byte> host, ReadOnlySpan<byte> sender) => new(host.Length > sender.Length ? Verdict.Reject() : Verdict.Continue);
            static async ValueTask<Verdict> SlowAsync(byte[] bytes) { await Task.Yield(); return bytes.Length > 3 ? Verdict.Reject() : default; }
        }
        """);

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
