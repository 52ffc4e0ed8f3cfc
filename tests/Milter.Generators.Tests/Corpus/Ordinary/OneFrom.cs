using Milter;

namespace Ordinary.OneFrom;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_oneFrom = Verdict.Reject(550, "5.6.0", "One From, please");

    [OnEoh]
    private static Verdict Headers([Header("From")] HeaderValues from) => from.Count == 1 ? Verdict.Continue : s_oneFrom;
}
