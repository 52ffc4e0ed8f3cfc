[Milter]
partial class Filter
{
    [OnBody]
    void Chunk(ReadOnlyMemory<byte> chunk)
    {
        _ = Task.Run(() => Console.WriteLine({|MILTER123:chunk|}.Length));
    }

    [OnEom]
    Verdict End(HeaderEditor headers)
    {
        _ = TagAsync({|MILTER123:headers|});
        return Verdict.Continue;
    }

    private static async Task TagAsync(HeaderEditor headers)
    {
        await Task.Delay(100);
        headers.Set("X-Late", "yes");
    }
}
