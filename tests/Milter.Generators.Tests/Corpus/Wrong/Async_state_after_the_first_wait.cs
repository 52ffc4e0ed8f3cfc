[Milter]
partial class Filter
{
    private int _hits;
    private DateTimeOffset _last;
    private readonly HashSet<string> _domains = new(StringComparer.OrdinalIgnoreCase);

    [OnHeader("Received")]
    async ValueTask Hop(string value, CancellationToken ct)
    {
        bool late = _last.Year > 2000;
        await Task.Delay(1, ct).ConfigureAwait(false);
        {|MILTER110:_hits|} = late ? _hits + value.Length : _hits;
        {|MILTER110:_last|} = DateTimeOffset.UnixEpoch;
        {|MILTER111:_domains.UnionWith(value.Split(' '))|};
    }

    [OnEom] Verdict End() => _hits > 100 && _domains.Count > 3 ? Verdict.Reject() : Verdict.Continue;
}
