using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER109
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] void Connect(MilterContext context) { _ = context.GetMacro([|"client_connections"|]); Look(context); }
            static void Look(MilterContext context) => context.GetMacro([|"{client_resolve}"|]);
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] void Connect(MilterContext context, [Macro("client_ptr")] string? name) { _ = context.GetMacro("{client_ptr}"); _ = context.GetMacro("j"); _ = context.GetMacro("{auth_authen}"); _ = name; }
        }
        """);
}
