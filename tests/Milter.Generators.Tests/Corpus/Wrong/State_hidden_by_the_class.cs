abstract class Counting
{
    [PerMessage] protected virtual int {|MILTER070:Count|} { get; set; }
}

abstract class Naming : Counting
{
    protected new int Count => base.Count;
}

[Milter]
partial class Filter : Naming
{
    [OnEom] Verdict End() => Count > 3 ? Verdict.Accept : Verdict.Continue;
}
