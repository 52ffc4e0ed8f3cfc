using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Waits nowhere before EOM; what the test does at a step may throw, or take long.</summary>
[Milter]
public sealed partial class FaultFilter(Func<MilterStages, CancellationToken, Task> step, Journal journal)
{
    private readonly Guid _instance = Guid.NewGuid();

    [OnConnect]
    private Task ConnectAsync(CancellationToken cancellation) => step(MilterStages.Connect, cancellation);

    [OnMail]
    private Task MailAsync(CancellationToken cancellation) => step(MilterStages.Mail, cancellation);

    [OnRcpt]
    private Task RcptAsync(CancellationToken cancellation) => step(MilterStages.Rcpt, cancellation);

    [OnHeader]
    private Task HeaderAsync(CancellationToken cancellation) => step(MilterStages.Header, cancellation);

    [OnBody]
    private Task BodyAsync(CancellationToken cancellation) => step(MilterStages.Body, cancellation);

    [OnEom]
    private async Task EndAsync(HeaderAdder headers, CancellationToken cancellation)
    {
        await step(MilterStages.Eom, cancellation);
        headers.Add("X-Instance", $"{_instance}");
    }

    [OnMessageEnd]
    private void Ended(MessageOutcome outcome) => journal.Add($"{outcome}");
}
