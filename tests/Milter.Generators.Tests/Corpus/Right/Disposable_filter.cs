// disposed of with its session
//> EOM: InsertHeader X-Gone|False
//> EOM: InsertHeader X-Gone|False
[Milter]
sealed partial class Filter : IDisposable, IAsyncDisposable
{
    private bool _gone;

    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Gone", $"{_gone}");
    [OnClose] void Closed(MilterContext context) { }
    public void Dispose() => _gone = true;
    public ValueTask DisposeAsync() { Dispose(); return default; }
}
