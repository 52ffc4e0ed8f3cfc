using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER103
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] void From([[|Macro("{client_addr}")|]] string? a, [[|Macro("client_port")|]] ReadOnlySpan<byte> b) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] void From(ConnectInfo? a, [ClientAddress] IPAddress? b, [Macro("{client_resolve}")] string? c, [Macro("{client_name}")] string? d) { }
        }
        """);
}
