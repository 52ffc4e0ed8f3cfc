using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER105
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] void Mail([Helo] string [|a|], ConnectInfo [|b|], [Macro("j")] string [|c|]) { }
            [OnEom] void End([Header("To")] string [|a|], [Header("To", Decoded = true)] string [|b|]) { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] void Connect(ConnectInfo a) { }
            [OnHelo] void Helo([Helo] string a) { }
            [OnMail] void Mail([Helo] string? a, ConnectInfo? b, string c, [Macro("j")] ReadOnlySpan<byte> d, [Helo] string e = null!) { }
        }
        #nullable disable
        [Milter] partial class Old { [OnMail] void Mail([Helo] string a, ConnectInfo b) { } }
        """);
}
