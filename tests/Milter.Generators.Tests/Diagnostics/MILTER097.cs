using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER097
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] Verdict To(EnvelopeAddress to) => to.LocalPart == "" ? Slow(to) : Verdict.TempFail([|421|], null, to.Address);
            static Verdict Slow(EnvelopeAddress to) => Verdict.TempFail([|421|], "4.7.1", "Slow down, " + to.Address);
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] Verdict To(EnvelopeAddress to) => Verdict.TempFail(450, null, to.Address);
            [OnMail] Verdict Mail(EnvelopeAddress from) => Verdict.TempFail(421, "4.7.1", "Slow down, " + from.Address);
        }
        """);
}
