// spans in handlers that return a task and are not async
//> EOM: InsertHeader X-Length|10
//> EOM: InsertHeader X-Length|10
[Milter]
public sealed partial class Filter
{
    [PerMessage] private long _length;

    [OnHeader("Subject", Order = 1)]
    Task Look(HeaderField field) => field.Value.Length > 1000 ? KeepAsync(field.ValueText) : Task.CompletedTask;

    [OnBody]
    ValueTask<Verdict> Chunk(ReadOnlySpan<byte> chunk)
    {
        _length += chunk.Length;
        return _length < 6 ? new(Verdict.Continue) : SlowAsync(chunk.ToArray());
    }

    [OnEom]
    Verdict End(HeaderEditor headers)
    {
        headers.Append("X-Length", _length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Verdict.Continue;
    }

    private static Task KeepAsync(string text) => Task.FromResult(text);

    private static async ValueTask<Verdict> SlowAsync(byte[] bytes)
    {
        await Task.Yield();
        return bytes.Length == 0 ? Verdict.Reject() : Verdict.Continue;
    }
}
