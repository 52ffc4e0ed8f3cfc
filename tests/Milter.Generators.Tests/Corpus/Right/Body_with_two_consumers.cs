// each consumer of the body may have had enough by itself
//> BODY: Skip
//> EOM: InsertHeader X-Chunks|1 2
//> BODY: Skip
//> EOM: InsertHeader X-Chunks|1 2
[Milter]
partial class Filter
{
    [PerMessage] private int _first;
    [PerMessage] private int _second;

    [OnBody(Order = 1)] Verdict First(ReadOnlySpan<byte> chunk) => ++_first == 1 ? Verdict.Skip : Verdict.Continue;
    [OnBody(Order = 2)] Verdict Second(ReadOnlySequence<byte> chunk) => ++_second == 2 ? Verdict.Skip : Verdict.Continue;
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Chunks", $"{_first} {_second}");
}
