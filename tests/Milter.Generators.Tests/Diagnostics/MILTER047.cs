using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER047
{
    [Fact]
    public async Task Flags_facts_that_may_be_missing() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnEom] void Eom(Authentication [|a|], TlsInfo [|b|], [ClientAddress] IPAddress [|c|]) { } }
        """);

    [Fact]
    public async Task Is_quiet_about_what_may_be_null_or_empty() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnEom] void Eom(Authentication? a, TlsInfo? b, [ClientAddress] IPAddress? c, ConnectInfo {|MILTER105:d|}, [Helo] string {|MILTER105:e|}) { } }
        """, """
        #nullable disable
        [Milter] partial class B { [OnEom] void Eom(Authentication a, TlsInfo b = null) { } }
        """);
}
