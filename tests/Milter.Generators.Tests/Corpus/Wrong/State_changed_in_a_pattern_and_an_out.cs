[Milter]
partial class Filter
{
    private readonly Dictionary<string, int> _seen = [];
    private readonly Queue<string> _queue = new();
    private int _number;
    private (int Hits, string? Last) _pair;

    [OnHeader("X-Number")]
    void Number(string value)
    {
        if (_number > 3 && int.TryParse(value, out {|MILTER110:_number|}))
        {
            ({|MILTER110:_pair.Hits|}, _) = (_pair.Hits + 1, value);
        }

        _ = {|MILTER111:_seen.TryAdd(value, 1)|} ? _seen[value]++ : 0;
        {|MILTER111:_queue.Enqueue(value)|};
    }

    [OnEom] Verdict End() => _pair.Hits > 3 && _queue.Count > 1 ? Verdict.Reject() : Verdict.Continue;
}
