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

    [Fact]
    public async Task Sees_one_that_is_kept_in_a_field() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict s_later = Verdict.TempFail(421, "4.7.1", "Later");
            [OnRcpt] Verdict To(EnvelopeAddress to) => to.LocalPart.Length > 64 ? [|s_later|] : Verdict.Continue;
            [OnMail] Verdict From(EnvelopeAddress from) => from.LocalPart.Length > 64 ? s_later : Verdict.Continue;
        }
        """);
}
