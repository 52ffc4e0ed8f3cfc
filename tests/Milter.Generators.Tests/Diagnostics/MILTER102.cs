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

    [Theory]
    [InlineData("postfix", "{msg_id}", "Warning")]
    [InlineData("postfix", "{tls_sni}", null)]
    [InlineData("sendmail", "{msg_id}", null)]
    [InlineData("Sendmail", "{tls_sni}", "Warning")]
    [InlineData("both", "{tls_sni}", "Info")]
    [InlineData("exim", "{msg_id}", "Info")]
    [InlineData("1", "{tls_sni}", "Info")]
    public async Task Is_a_warning_where_the_project_says_that_it_is_for_the_one_that_never_sends_it(string mta, string macro, string? severity)
    {
        IEnumerable<Microsoft.CodeAnalysis.Diagnostic> found = await GeneratorHarness.AnalyzeConfiguredAsync("attrmilter.mta", mta, Usings.Global, $"[Milter] partial class Filter {{ [OnEom] void End([Macro(\"{macro}\")] string? a) {{ }} }}");

        Assert.Equal(severity is null ? [] : new[] { $"MILTER102 {severity}" }, found.Select(each => $"{each.Id} {each.Severity}"));
    }

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
