using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER081
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] Verdict To(EnvelopeAddress r) => r.IsNull ? [|Verdict.Accept|] : Verdict.Continue;
            [OnMail] Verdict From() => Verdict.Accept;
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] Verdict To(EnvelopeAddress r) => r.IsNull ? Verdict.Reject() : Verdict.Continue;
            [OnData] Verdict Data() => Verdict.Accept;
        }
        """);
}
