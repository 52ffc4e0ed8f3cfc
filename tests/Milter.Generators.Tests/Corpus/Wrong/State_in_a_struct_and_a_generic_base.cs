struct Counter { public int Value; public void Up() => Value++; }

abstract class Counting<T>
    where T : class
{
    protected readonly List<T> Seen = [];
    protected T? Last { get; set; }

    protected void Note(T item)
    {
        {|MILTER111:Seen.Add(item)|};
        {|MILTER110:Last|} = item;
    }
}

[Milter]
partial class Filter : Counting<string>
{
    private Counter _counter;

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        bool again = Last is null;
        Note(to.Address);
        {|MILTER110:_counter.Up()|};
        return _counter.Value > 10 || Seen.Count > 10 || again ? Verdict.TempFail() : Verdict.Continue;
    }
}
