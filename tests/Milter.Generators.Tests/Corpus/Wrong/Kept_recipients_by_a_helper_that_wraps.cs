sealed record Entry(EnvelopeAddress To, DateTime At);

[Milter]
partial class Filter(TimeProvider time)
{
    [PerMessage] private readonly List<Entry> _entries = [];

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        EnvelopeAddress one = to;
        Note(one);
        return _entries.Count > 100 ? Verdict.TempFail() : Verdict.Continue;
    }

    private void Note(EnvelopeAddress address)
    {
        var entry = new Entry({|MILTER121:address|}, time.GetUtcNow().UtcDateTime);
        _entries.Add(entry);
    }
}
