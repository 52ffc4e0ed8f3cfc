using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER165
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.Append([|"Subject"|], "x"); headers.Prepend([|"reply-to"u8|], "a@b.test"u8); headers.InsertAt(0, [|"Message-ID"|], "<1@x>"); }
            [OnAbort] void Aborted() { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, [Header("Message-ID")] string? id) { if (id is null) headers.Append("Message-ID", "<1@x>"); if (!headers.Seen.Contains("Date")) headers.Append("Date", "x"); headers.RemoveAll("Subject"); headers.Append("Subject", "y"); headers.Append("X-Spam", "no"); headers.Append("Comments", "no"); }
        }
        """);
}
