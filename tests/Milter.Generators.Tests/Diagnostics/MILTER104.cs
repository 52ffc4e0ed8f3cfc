using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER104
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnData] void Data([[|Macro("{rcpt_addr}")|]] string? a) { }
            [OnEom] void End([[|Macro("{rcpt_host}")|]] string? a) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt, OnRejectedRcpt] void To([Macro("{rcpt_addr}")] string? a, [Macro("{rcpt_mailer}")] string? b) { }
        }
        """);
}
