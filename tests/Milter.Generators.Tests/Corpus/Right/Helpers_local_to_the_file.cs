// file types beside the filter
//> EOM: InsertHeader X-Bytes|10
//> EOM: InsertHeader X-Bytes|10
[Milter]
partial class Filter
{
    [PerMessage] private readonly IResettable _tally = new Tally();

    [OnBody] void Chunk(ReadOnlySpan<byte> chunk) => ((Tally)_tally).Count(chunk.Length);

    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Bytes", Words.Say(((Tally)_tally).Sum));
}

file sealed class Tally : IResettable
{
    public int Sum { get; private set; }

    public void Count(int bytes) => Sum += bytes;

    public void Reset() => Sum = 0;
}

file static class Words
{
    public static string Say(int n) => n.ToString();
}
