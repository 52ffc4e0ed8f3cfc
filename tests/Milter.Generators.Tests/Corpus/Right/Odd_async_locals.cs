// asynchronous local functions, streams, using declarations
[Milter]
partial class Filter
{
    [PerMessage] private long _bytes;

    [OnBody]
    async ValueTask Chunk(ReadOnlyMemory<byte> chunk, CancellationToken ct)
    {
        await using var copy = new MemoryStream();
        await copy.WriteAsync(chunk, ct);
        _bytes += copy.Length;
        await foreach (int n in CountAsync())
        {
            _bytes += n;
        }

        async IAsyncEnumerable<int> CountAsync()
        {
            await Task.Yield();
            yield return chunk.Length > 0 ? 1 : 0;
        }
    }

    [OnEom]
    async Task<Verdict> End(MessageBody body, CancellationToken ct)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        await using Stream stream = body.OpenRead();
        byte[] head = new byte[4];
        int read = await stream.ReadAsync(head, ct);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        Verdict verdict = await JudgeAsync(read, timeout.Token);
        return _bytes < 0 ? Verdict.TempFail() : verdict;

        static async Task<Verdict> JudgeAsync(int read, CancellationToken ct)
        {
            await Task.Delay(1, ct);
            return read > 100 ? Verdict.Reject() : Verdict.Continue;
        }
    }
}
