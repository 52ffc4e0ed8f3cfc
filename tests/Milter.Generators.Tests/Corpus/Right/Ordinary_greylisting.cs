// a table that all sessions share, a cache of the session, a lookup that is started early and awaited late
//> EOM: InsertHeader X-Greylist|new, 2 refused
//> EOM: InsertHeader X-Greylist|new, 2 refused
[Milter]
public sealed partial class Filter(List<string> words)
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, DateTimeOffset> s_seen = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<string, int> s_perClient = new(StringComparer.Ordinal);
    private static long s_total;
    private readonly List<string> _words = words;
    private string _client = "";
    private Task<bool>? _lookup;
    [PerSession] private int _refused;
    [PerMessage] private bool _isKnown;

    [OnConnect]
    void Connect([ClientAddress] IPAddress? address)
    {
        _client = address?.ToString() ?? "local";
        lock (s_gate)
        {
            Count(_client);
        }

        Interlocked.Increment(ref s_total);
    }

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        if (from.IsNull)
        {
            return Verdict.Accept;
        }

        _lookup = LookAsync(from.Domain);
        return Verdict.Continue;
    }

    [OnRcpt]
    async ValueTask<Verdict> To(EnvelopeAddress to, MessageEnvelope envelope, CancellationToken cancellationToken)
    {
        string key = $"{_client}/{envelope.Sender.Address}/{to.Address}";
        if (_lookup is { IsCompletedSuccessfully: true } && _lookup.Result)
        {
            _isKnown = true;
        }
        else if (_lookup is not null)
        {
            _isKnown |= await _lookup.WaitAsync(cancellationToken);
        }

        if (_isKnown || !s_seen.TryAdd(key, TimeProvider.System.GetUtcNow()))
        {
            return Verdict.Continue;
        }

        _refused++;
        return to.LocalPart.StartsWith("mallory", StringComparison.Ordinal) ? Verdict.TempFail(450, "4.7.1", $"Come again, {to.LocalPart}") : Verdict.Continue;
    }

    [OnEom]
    Verdict End(HeaderEditor headers)
    {
        headers.Prepend("X-Greylist", _isKnown ? "known" : $"new, {_refused} refused");
        return Verdict.Continue;
    }

    private static void Count(string client) => s_perClient[client] = s_perClient.GetValueOrDefault(client) + 1;

    private async Task<bool> LookAsync(string domain)
    {
        await Task.Yield();
        return _words.Contains("nothing") || domain.Equals("example.net", StringComparison.OrdinalIgnoreCase);
    }
}
