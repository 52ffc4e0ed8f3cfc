using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER185
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] Verdict End(Quarantine q, EnvelopeEditor e) { if (e.CanChangeSender) { q.Hold("x"); return [|Verdict.Reject()|]; } q.Hold("y"); return e.CanAddArguments ? [|Verdict.Discard|] : Verdict.Accept; }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] Verdict End(Quarantine q, EnvelopeEditor e) { if (e.CanChangeSender) { q.Hold("x"); return Verdict.Continue; } if (e.CanAddArguments) q.Hold("y"); return e.CanAddArguments ? Verdict.Continue : Verdict.Reject(); }
        }
        """);
}
