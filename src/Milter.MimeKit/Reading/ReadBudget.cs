namespace Milter.Mime.Reading;

/// <summary>What one message may cost, what is kept for it, and what is said about it.</summary>
internal sealed class ReadBudget(MailPartsOptions options) : IDisposable
{
    private const int MaxAmbiguities = 500;

    private readonly List<Ambiguity> _ambiguities = [];
    private readonly HashSet<Ambiguity> _said = [];
    private readonly List<Stream> _kept = [];
    private int _parts;
    private int _entries;
    private long _unpacked;

    public MailPartsOptions Options { get; } = options;

    public IReadOnlyList<Ambiguity> Ambiguities => _ambiguities;

    public void Say(AmbiguityKind kind, MailPart part, string reason)
    {
        var ambiguity = new Ambiguity(kind, part.Path, reason);
        if (_ambiguities.Count < MaxAmbiguities && _said.Add(ambiguity))
        {
            _ambiguities.Add(ambiguity);
        }
    }

    public void TakePart()
    {
        if (++_parts > Options.MaxParts)
        {
            throw new LimitException($"it has more than {Options.MaxParts} parts; what follows was not looked at");
        }
    }

    public void TakeEntry()
    {
        if (++_entries > Options.MaxEntries)
        {
            throw new LimitException($"its archives hold more than {Options.MaxEntries} names; the rest was not looked at");
        }
    }

    /// <summary>Keeps unpacked content until the message is done with.</summary>
    public Stream Keep(Stream content, CancellationToken cancellationToken)
    {
        Stream kept = Unpack(content, cancellationToken);
        _kept.Add(kept);
        return kept;
    }

    /// <summary>Unpacks content for a look.</summary>
    public Stream Unpack(Stream content, CancellationToken cancellationToken, long limit = long.MaxValue)
    {
        long left = Options.MaxUnpackedBytes - _unpacked;
        Stream kept = Content.Spool.Copy(content, Options, Math.Min(left, limit), cancellationToken) ?? throw new LimitException(limit < left
            ? $"it unpacks to more than {Options.MaxRatio} times its size; not all of it was looked at"
            : $"it unpacks to more than {Options.MaxUnpackedBytes} bytes; not all of it was looked at");
        _unpacked += kept.Length;
        return kept;
    }

    public void Dispose()
    {
        foreach (Stream stream in _kept)
        {
            stream.Dispose();
        }

        _kept.Clear();
    }
}
