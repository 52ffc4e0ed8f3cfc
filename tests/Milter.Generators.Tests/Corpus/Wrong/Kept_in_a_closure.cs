[Milter]
partial class Filter
{
    [PerMessage] private readonly List<Func<string>> _notes = [];
    [PerMessage] private Action? _last;

    [OnRcpt]
    void To(EnvelopeAddress to)
    {
        _notes.Add(() => {|MILTER121:to|}.Address);
        _last = () => Console.WriteLine({|MILTER121:to|}.Domain);
    }

    [OnEom]
    void End()
    {
        foreach (Func<string> note in _notes)
        {
            Console.WriteLine(note());
        }

        _last?.Invoke();
    }
}
