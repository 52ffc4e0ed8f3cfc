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

    [Fact]
    public async Task Flags_macros_of_binders() => await Rule.CheckAsync(
        """
        public sealed record Login(string? Name);
        [[|Needs(Macros = ["auth_auten", "i"])|]]
        public sealed class LoginBinder : IMessageBinder<LoginBinder, Login>
        {
            public static ValueTask<Login> BindAsync(MessageBindingContext context) => new(new Login(null));
        }
        """);
}
