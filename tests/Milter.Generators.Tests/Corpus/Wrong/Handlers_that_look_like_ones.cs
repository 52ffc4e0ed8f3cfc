interface IJournal { void Write(string text); }

[Milter]
partial class Filter
{
    [OnMail] Verdict From(EnvelopeAddress from) => from.IsNull ? Verdict.Reject() : Verdict.Continue;

    public Verdict {|MILTER029:Login|}([Macro("{auth_authen}")] string? login) => login is null ? Verdict.Reject() : Verdict.Continue;

    internal async Task<Verdict> {|MILTER029:Known|}([FromServices] IJournal journal, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        journal.Write("known");
        return Verdict.Continue;
    }

    private void {|MILTER029:Tag|}(HeaderAdder headers) => headers.Add("X-Seen", "yes");

    private ValueTask {|MILTER029:Ended|}(MessageOutcome outcome) => outcome == MessageOutcome.Passed ? ValueTask.CompletedTask : default;
}
