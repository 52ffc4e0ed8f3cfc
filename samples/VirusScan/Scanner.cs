using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Milter;
using Milter.Mime;

namespace Samples.VirusScan;

/// <summary>Has each message scanned by clamd.</summary>
/// <remarks>Waits per message: 1.</remarks>
[Milter]
internal sealed partial class Scanner(IOptions<VirusScanOptions> settings, TimeProvider clock, ILogger<Scanner> log)
{
    private readonly VirusScanOptions _options = settings.Value;

    [OnEom]
    private async Task<Verdict> EndAsync(MailParts parts, HeaderEditor headers, Quarantine? quarantine, [Macro("i")] string? queueId, CancellationToken cancellationToken)
    {
        // What is said here holds for it as well.
        parts.WhenTooLarge = Verdict.Continue;
        using Stream message = parts.OpenMessage();
        ScanResult result = parts.IsTooLarge || message.Length > _options.MaxBytes
            ? new ScanResult(null, "the message is larger than is scanned")
            : await new ClamdClient(_options, clock).ScanAsync(message, cancellationToken);
        if (result.Failure is { } failure)
        {
            LogUnscanned(log, queueId, MailPart.Printable(failure), _options.OnUnscanned);
            if (_options.OnUnscanned == UnscannedAnswer.TempFail)
            {
                return Verdict.TempFail(451, "4.7.1", "The message can't be scanned now");
            }

            headers.Set("X-Virus-Scanned", "no");
            return Verdict.Continue;
        }

        if (result.Virus is not { } virus)
        {
            headers.Set("X-Virus-Scanned", "clean");
            return Verdict.Continue;
        }

        LogInfected(log, queueId, MailPart.Printable(virus), _options.OnInfected);
        switch (_options.OnInfected)
        {
            case InfectedAnswer.Discard:
                return Verdict.Discard;
            case InfectedAnswer.Hold when quarantine is not null:
                quarantine.Hold("virus: " + MailPart.Printable(virus));
                return Verdict.Continue;
            default:
                return Verdict.Reject(550, "5.7.1", "The message has a virus");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{QueueId}: not scanned, {Reason}; the answer is {Answer}.")]
    private static partial void LogUnscanned(ILogger log, string? queueId, string reason, UnscannedAnswer answer);

    [LoggerMessage(2, LogLevel.Information, "{QueueId}: {Virus} found; the answer is {Answer}.")]
    private static partial void LogInfected(ILogger log, string? queueId, string virus, InfectedAnswer answer);
}
