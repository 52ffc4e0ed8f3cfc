namespace Milter.Tests.Pages;

[Milter]
public sealed partial class DmarcOnly
{
    [OnEom]
    async ValueTask<Verdict> Check(SenderAuthentication sender, HeaderEditor header)
    {
        await sender.WriteResultsAsync(header);
        DmarcResult dmarc = await sender.GetDmarcAsync();
        return dmarc.Disposition == DmarcPolicy.Reject
            ? Verdict.RejectCleaned(550, "5.7.1", $"{dmarc.Domain} refuses mail that it has not sent")
            : Verdict.Continue;
    }
}
