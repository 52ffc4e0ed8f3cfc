using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER041
{
    [Fact]
    public async Task Flags_parameters_by_reference() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnMail] void Mail(ref string [|a|], in EnvelopeAddress [|b|], ref readonly CancellationToken [|c|]) { }
            [OnRcpt] void Rcpt(out string [|a|]) => a = "";
        }
        """);

    [Fact]
    public async Task Is_quiet_about_a_scoped_view() => await Rule.CheckAsync("""
        [Milter] partial class A { [OnBody] void Body(scoped ReadOnlySpan<byte> chunk) { } }
        """);
}
