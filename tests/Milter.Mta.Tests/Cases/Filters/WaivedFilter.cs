using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Waits for nothing before RCPT, and takes its time there.</summary>
[Milter]
public sealed partial class WaivedFilter(Func<string, Task> step, Journal journal)
{
    [OnMail]
    private Task MailAsync(EnvelopeAddress from) => step(from.LocalPart);

    [OnRcpt]
    private async Task<Verdict> RcptAsync(EnvelopeAddress to)
    {
        string name = to.LocalPart;
        await step(name);
        journal.Add($"rcpt {name}");
        return Verdict.Continue;
    }
}
