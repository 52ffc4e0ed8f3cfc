[Milter]
partial class Filter
{
    [OnEom]
    async Task<Verdict> End(MessageBody body, CancellationToken ct)
    {
        using var reader = new StreamReader({|MILTER189:body.OpenRead()|});
        string text = await reader.ReadToEndAsync(ct);
        return text.Contains("lottery", StringComparison.OrdinalIgnoreCase) ? Verdict.Reject() : Verdict.Continue;
    }
}
