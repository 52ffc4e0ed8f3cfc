// a record, a primary constructor, nested types, explicit interfaces, generics, operators
interface ICounts { void Count(string what); }

abstract record Shared<TKey>(List<string> Words) : ICounts
    where TKey : notnull
{
    [PerMessage] protected Dictionary<TKey, int> Counts { get; } = [];

    void ICounts.Count(string what) => Console.WriteLine(what);

    protected void Up(TKey key) => Counts[key] = Counts.GetValueOrDefault(key) + 1;
}

[Milter]
sealed partial record Filter(List<string> Words) : Shared<int>(Words)
{
    [PerMessage] private Marks? _marks;

    [OnMail] void From(EnvelopeAddress from) => _marks = new Marks(from.Domain.Length) { Name = from.Address };

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        ((ICounts)this).Count(to.Address);
        Up(to.Domain.Length);
        _marks?.Add(to.LocalPart);
        return _marks! + 1 > 1000 || Words is [] ? Verdict.Reject() : Verdict.Continue;
    }

    private sealed class Marks(int first)
    {
        private readonly List<string> _all = [];

        public string? Name { get; init; }

        public void Add(string text) => _all.Add(text);

        public static int operator +(Marks marks, int more) => Total(marks) + more;

        private static int Total(Marks marks) => marks.First + marks._all.Count + (marks.Name?.Length ?? 0);

        private int First => first;
    }
}
