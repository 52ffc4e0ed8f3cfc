namespace Milter.Generators.Model;

/// <summary>Remembers who asks for what, each once, in the order of asking.</summary>
internal sealed class Asks<T>
    where T : notnull
{
    private readonly Dictionary<T, List<string>> _by = [];
    private readonly List<T> _order = [];

    public IEnumerable<Ask<T>> All => _order.Select(what => new Ask<T>(what, _by[what]));

    public void Add(T what, string asker)
    {
        if (!_by.TryGetValue(what, out List<string>? by))
        {
            _order.Add(what);
            _by.Add(what, by = []);
        }

        if (!by.Contains(asker))
        {
            by.Add(asker);
        }
    }

    public bool Has(T what) => _by.ContainsKey(what);

    public IReadOnlyList<string> By(T what) => _by.TryGetValue(what, out List<string>? by) ? by : [];
}
