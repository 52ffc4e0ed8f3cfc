using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER107
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] void Connect(TlsInfo? [|tls|], Authentication? [|login|], MilterContext context) { if ([|context.IsTls|] || Known(context)) Console.WriteLine(tls?.ToString() + login); }
            [OnHelo] void Helo(Authentication? [|login|]) { }
            static bool Known(MilterContext context) => [|context.IsAuthenticated|];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHelo] void Helo(TlsInfo? tls, MilterContext context) { if (context.IsTls) Console.WriteLine(tls); }
            [OnConnect, OnMail] void Both(Authentication? login, MilterContext context) { if (context.IsAuthenticated) Console.WriteLine(login); }
        }
        """);
}
