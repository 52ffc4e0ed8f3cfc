using System;
using Milter;

namespace Ordinary.OfficeHours;

[Milter]
public sealed partial class Filter(TimeProvider time)
{
    private static readonly Verdict s_closed = Verdict.TempFail(450, "4.3.2", "Bulk mail is taken at night");

    [OnEom]
    private Verdict End([Header("Precedence")] string? precedence) =>
        precedence?.Trim() == "bulk" && time.GetLocalNow().Hour is > 7 and < 20 ? s_closed : Verdict.Continue;
}
