using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER101
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] void Connect([[|Macro("{tls_version}")|]] string? a, [[|Macro("i")|]] string? b, [Macro("j")] string? c) { }
            [OnHelo] void Helo([[|Macro("{auth_type}")|]] string? a) { }
            [OnMail] void Mail([[|Macro("{rcpt_addr}")|]] string? a) { }
            [OnEoh] void Eoh([[|Macro("{msg_id}")|]] string? a) { }
            [OnUnknown] void Unknown([[|Macro("{mail_addr}")|]] string? a) { }
            [OnClose] void Close([[|Macro("{mail_addr}")|]] string? a) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] void Connect([Macro("{daemon_name}")] string? a) { }
            [OnHelo] void Helo([Macro("{cipher}")] string? a) { }
            [OnMail] void Mail([Macro("{mail_addr}")] string? a) { }
            [OnEom] void End([Macro("i")] string? a, [Macro("{auth_type}")] string? b, [Macro("{cipher}")] string? c) { }
            [OnAbort] void Abort([Macro("{mail_addr}")] string? a) { }
            [OnClose] void Close([Macro("{cipher}")] string? a) { }
        }
        """);
}
