using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER088
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail() => [|Verdict.TempFail(451, null, "Later")|];
            [OnEom] Verdict End() { if (Environment.TickCount == 0) return [|Verdict.Reject(550, "5.7.1", "No", "No")|]; return default; }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict s_no = Verdict.Reject(550, null, "No");
            [OnMail] Verdict Mail(EnvelopeAddress a) => Verdict.Reject(550, null, "No " + a);
            [OnEom] Verdict End() => Verdict.Reject();
            Verdict Other() => Verdict.Reject(550, null, "No");
        }
        """);
}
