using System.Globalization;
using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Refuses some recipients, and is told of those that the server refuses itself.</summary>
[Milter]
public sealed partial class RecipientFilter(Journal journal)
{
    [OnRcpt]
    private Verdict Rcpt(EnvelopeAddress to)
    {
        journal.Add($"asked {to.LocalPart}");
        return to.LocalPart.StartsWith("no", StringComparison.Ordinal) ? Verdict.Reject(550, "5.1.1", "Not here") : Verdict.Continue;
    }

    [OnRejectedRcpt]
    private void Rejected(EnvelopeAddress to) => journal.Add($"rejected {to.LocalPart}");

    [OnEom]
    private void End(MessageEnvelope envelope, HeaderAdder headers)
    {
        headers.Add("X-Count", envelope.Recipients.Count.ToString(CultureInfo.InvariantCulture));
        journal.Add($"passed {string.Join(',', envelope.Recipients.Select(recipient => recipient.LocalPart))}");
    }
}
