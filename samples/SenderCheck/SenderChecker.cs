using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Milter;

namespace Samples.SenderCheck;

/// <summary>Judges who sent a message, writes the result into its header, and does what the options say about it.</summary>
[Milter]
internal sealed partial class SenderChecker(IOptions<SenderCheckOptions> settings, ILogger<SenderChecker> log)
{
    private readonly SenderCheckOptions _options = settings.Value;

    [OnEom]
    private async ValueTask<Verdict> Check(SenderAuthentication sender, HeaderEditor header, Quarantine? hold, MilterContext context)
    {
        await sender.WriteResultsAsync(header);
        (SenderAction action, string reason) = await DecideAsync(sender);
        if (action == SenderAction.Mark || _options.ExemptClients.Contains(sender.Client))
        {
            return Verdict.Continue;
        }

        Decided(context.QueueId, action, reason, _options.DryRun ? " (dry run: it passes)" : "");
        if (_options.DryRun)
        {
            return Verdict.Continue;
        }

        switch (action)
        {
            case SenderAction.Reject:
                return Verdict.RejectCleaned(550, "5.7.1", reason);
            case SenderAction.Hold when hold is not null:
                hold.Hold("sender check");
                return Verdict.Continue;
            default:
                return Verdict.TempFailCleaned(451, "4.7.1", reason);
        }
    }

    private async ValueTask<(SenderAction Action, string Reason)> DecideAsync(SenderAuthentication sender)
    {
        DmarcResult dmarc = await sender.GetDmarcAsync();
        SpfResult spf = await sender.GetSpfAsync();
        return (dmarc.Disposition, dmarc.Result, spf.Result) switch
        {
            (DmarcPolicy.Reject, _, _) => (_options.OnReject, $"{dmarc.Domain} refuses mail that it has not sent (DMARC)"),
            (DmarcPolicy.Quarantine, _, _) => (_options.OnQuarantine, $"{dmarc.Domain} suspects mail that it has not sent (DMARC)"),
            (_, AuthResult.TempError, _) or (_, _, AuthResult.TempError) => (_options.OnTempError, "Who sent this can't be judged for now"),
            (_, not AuthResult.Pass, AuthResult.Fail) => (_options.OnSpfFail, spf.Explanation ?? $"{spf.Domain} does not send from there (SPF)"),
            (_, not AuthResult.Pass, AuthResult.SoftFail) => (_options.OnSpfSoftFail, $"{spf.Domain} probably does not send from there (SPF)"),
            _ => (SenderAction.Mark, ""),
        };
    }

    [LoggerMessage(1, LogLevel.Information, "{QueueId}: {Action}: {Reason}{DryRun}")]
    private partial void Decided(string? queueId, SenderAction action, string reason, string dryRun);
}
