// helpers that look like handlers, and are called
//> EOM: InsertHeader X-Line|From
//> EOM: InsertHeader X-Line|From
static class Extensions
{
    public static Verdict Judge(this EnvelopeAddress address, MilterContext context) => context.QueueId == address.Address ? Verdict.Reject() : Verdict.Continue;
}

[Milter]
partial class Filter
{
    [OnMail] Verdict From(EnvelopeAddress from, MilterContext context) => from.Judge(context) is { IsContinue: false } no ? no : Any(from, context);

    [OnRcpt] Verdict To(EnvelopeAddress to, MilterContext context) => ((Func<EnvelopeAddress, MilterContext, Verdict>)Any)(to, context);

    [OnEom]
    async Task<Verdict> End(MessageHeaders headers, HeaderEditor editor, CancellationToken ct)
    {
        await foreach (string line in LinesAsync(headers, ct))
        {
            Tag(editor, line);
        }

        return Verdict.Continue;
    }

    public Verdict Any(EnvelopeAddress address, MilterContext context) => string.Equals(address.Domain, context.QueueId, StringComparison.OrdinalIgnoreCase) ? Verdict.Reject() : Verdict.Continue;

    private static void Tag(HeaderEditor editor, string line) => editor.Append("X-Line", line);

    private static async IAsyncEnumerable<string> LinesAsync(MessageHeaders headers, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (int i = 0; i < headers.Count && i < 1; i++)
        {
            await Task.Delay(1, ct);
            yield return headers[i].NameText;
        }
    }
}
