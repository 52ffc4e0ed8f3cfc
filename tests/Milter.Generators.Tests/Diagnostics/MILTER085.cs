using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER085
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject(550, null, [|"a\nb"|]), Verdict.Reject(550, null, "a", [|"b\0"|]), Verdict.TempFail(451, null, "a", "b", [|"\x1b[1m"|]), [|Verdict.TempFail(451, null)|]];
            [OnEom] Verdict End() => s_all[0];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject(550, null, ""), Verdict.Reject(550, null, "100 % Grüße\t"), Verdict.Reject(550, null, Environment.NewLine)];
            [OnEom] Verdict End() => s_all[0];
        }
        """);

    [Fact]
    public async Task Flags_parts_of_texts_made_later() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(EnvelopeAddress from) => Verdict.Reject(550, "5.7.1", "No " + from.Address + [|"\r\n"|]);
            [OnRcpt] Verdict To(EnvelopeAddress to) => Verdict.Reject(550, "5.7.1", $"{to.Address}[|\nis not here|]", $"{to.Domain} is fine");
        }
        """);
}
