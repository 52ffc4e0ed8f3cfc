using Milter;

namespace Ordinary.MissingDate;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_noDate = Verdict.Reject(550, "5.6.0", "A message has a date");

    [OnEoh]
    private static Verdict Headers([Header("Date")] string? date) => string.IsNullOrWhiteSpace(date) ? s_noDate : Verdict.Continue;
}
