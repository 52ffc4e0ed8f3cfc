namespace Milter.Tests.Pages;

[Milter]
public sealed partial class SpfAtRcpt
{
    [OnRcpt]
    Verdict To(SpfResult spf) => spf.Result == AuthResult.Fail
        ? Verdict.RejectCleaned(550, "5.7.23", spf.Explanation ?? spf.Reason)
        : Verdict.Continue;
}
