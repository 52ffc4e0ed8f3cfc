using Milter;

namespace Ordinary.RecipientLimit;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_tooMany = Verdict.TempFail(452, "4.5.3", "Too many recipients, please send to the others in another message");

    [PerMessage]
    private int _recipients;

    [OnRcpt]
    private Verdict To() => ++_recipients > 50 ? s_tooMany : Verdict.Continue;
}
