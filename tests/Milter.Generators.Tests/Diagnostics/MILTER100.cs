using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER100
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] void From([[|Macro("{auth_auten}")|]] string? a, [[|Macro("{greylist}")|]] string? b, [[|Macro("x")|]] string? c, MilterContext context) => context.GetMacro([|"mail_adr"|]);
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] void From([Macro("{auth_authen}")] string? a, [Macro("auth_type")] string? b, [Macro("j")] string? c, MilterContext context, [Helo] string? name) { context.GetMacro("mail_addr"); context.GetMacro(name ?? "x"); }
        }
        """);
}
