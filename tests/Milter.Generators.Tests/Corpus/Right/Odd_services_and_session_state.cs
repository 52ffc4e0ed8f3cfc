// services that count, things made once, facts of the session
using System.Diagnostics;
using System.Diagnostics.Metrics;

[Milter]
partial class Filter
{
    private static readonly Meter s_meter = new("odd");
    private static readonly Counter<long> s_messages = s_meter.CreateCounter<long>("messages");
    private readonly List<string> _words;
    private readonly Stopwatch _watch = new();
    private readonly Random _random = new(1);
    private readonly Lazy<string[]> _rules = new(() => ["a", "b"]);
    private Lookup? _lookup;
    private bool _isLocal;
    private string? _helo;
    [PerSession] private int _messages;

    public Filter(List<string> words) => _words = words;

    [OnConnect] void Connect(ConnectInfo client) => _isLocal = client.IsLocal;

    [OnHelo] void Helo(string name) => _helo = name;

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        _messages++;
        s_messages.Add(1);
        _watch.Restart();
        _lookup ??= new Lookup();
        lock (_words)
        {
            _words.Add(from.Domain);
        }

        return _messages > 1000 || _random.Next() < 0 || _rules.Value.Length == 0 || _lookup.Of(_helo) ? Verdict.TempFail() : Verdict.Continue;
    }

    [OnEom] Verdict End() => _watch.ElapsedMilliseconds > 100_000 && !_isLocal ? Verdict.TempFail() : Verdict.Continue;

    private sealed class Lookup
    {
        private string[]? _all;

        public bool Of(string? name)
        {
            _all ??= ["x"];
            return _all[0] == name;
        }
    }
}
