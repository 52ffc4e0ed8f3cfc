using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER189
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] async Task End(MessageBody body, CancellationToken ct) { using Stream s = [|body.OpenRead()|]; await Copy(body, ct); }
            static Task Copy(MessageBody body, CancellationToken ct) => [|body.CopyToAsync(Stream.Null, ct)|];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] async Task End(MessageBody body, CancellationToken ct) { if (body.State == MessageBodyState.Available) await Copy(body, ct); }
            static Task Copy(MessageBody body, CancellationToken ct) => body.CopyToAsync(Stream.Null, ct);
        }
        """);
}
