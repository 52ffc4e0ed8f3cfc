using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER102
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] void Connect([[|Macro("{if_addr}")|]] string? a, [[|Macro("{if_name}")|]] string? b) { }
            [OnMail] void Mail([[|Macro("i")|]] string? a, [[|Macro("{auth_ssf}")|]] string? b, [[|Macro("{verify}")|]] string? c) { }
            [OnEom] void End([[|Macro("{msg_id}")|]] string? a, [[|Macro("{tls_sni}")|]] string? b) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnData] void Data([Macro("i")] string? a, [Macro("{client_resolve}")] string? b, [Macro("{daemon_port}")] string? c) { }
        }
        """);
}
