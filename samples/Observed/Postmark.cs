using Microsoft.Extensions.Logging;
using Milter;

namespace Samples.Observed;

/// <summary>Marks each message, and refuses those that say in their subject that they want to be: enough to have something to look at.</summary>
[Milter]
internal sealed partial class Postmark(ILogger<Postmark> logger)
{
    private static readonly Verdict s_refused = Verdict.Reject(550, "5.7.1", "The subject asks for it");

    [OnRcpt]
    private static Verdict To(EnvelopeAddress recipient) => recipient.LocalPart == "nobody" ? Verdict.Reject(550, "5.1.1", "Not here") : Verdict.Continue;

    [OnEom]
    private async Task<Verdict> End([Header("Subject", Decoded = true)] string? subject, HeaderAdder headers, CancellationToken cancellationToken)
    {
        if (subject is not null && subject.Contains("refuse me", StringComparison.OrdinalIgnoreCase))
        {
            Refused(logger);
            return s_refused;
        }

        // A look-up would stand here; its span is below the message's.
        await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
        headers.Add("X-Postmark", "observed");
        Marked(logger);
        return Verdict.Accept;
    }

    [LoggerMessage(1, LogLevel.Information, "marked")]
    private static partial void Marked(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "refused: the subject asks for it")]
    private static partial void Refused(ILogger logger);
}
