using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER167
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.Append([|"Bcc"|], "a@b.test"); headers.Set([|"BCC"|], "a@b.test"); headers.Prepend([|"bcc"u8|], "a@b.test"u8); }
            [OnAbort] void Aborted() { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, EnvelopeEditor envelope) { headers.RemoveAll("Bcc"); headers.Append("X-Bcc", "1"); envelope.AddRecipient("a@b.test"); }
        }
        """);
}
