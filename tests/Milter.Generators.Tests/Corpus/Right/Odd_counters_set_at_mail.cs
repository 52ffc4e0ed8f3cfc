// libmilter's way: all of it is set at MAIL, after early ways out
[Milter]
partial class Filter
{
    private static readonly Verdict s_refused = Verdict.Reject(550, "5.7.1", "No");

    private int _count, _size, _spam, _kind;
    private string? _sender;
    private bool _isBulk;
    private State _state = new();
    private List<string> _names = [];

    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from, ConnectInfo? client, CancellationToken ct)
    {
        string domain = from.Domain, local = from.LocalPart;
        if (client is { Port: 1 })
        {
            return s_refused;
        }

        Verdict early = Early(domain);
        if (!early.IsContinue)
        {
            return early;
        }

        if (await LateAsync(domain, ct) is { IsContinue: false } late)
        {
            return late;
        }

        if (local.Length > 200)
        {
            return Verdict.RejectCleaned(550, "5.7.1", local);
        }

        if (local.Length > 100)
        {
            throw new InvalidOperationException("too long");
        }

        _state = new State();
        _names = [];
        Begin();
        switch (domain.Length)
        {
            case 0:
                _kind = 0;
                break;
            case < 10:
                _kind = 1;
                break;
            default:
                _kind = 2;
                break;
        }

        if (domain.Length > 0)
        {
            _sender = domain;
        }
        else
        {
            _sender = null;
        }

        (_isBulk, _spam) = (false, domain.Length == 4 ? 1 : 0);
        return Verdict.Continue;
    }

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        _count++;
        _names.Add(to.Address);
        _state.Points += to.IsNull ? 1 : 0;
        return _count > 100 ? Verdict.TempFail() : Verdict.Continue;
    }

    [OnHeader("Precedence")] void Bulk(string value) => _isBulk |= value.Length > 3;

    [OnBody] void Chunk(ReadOnlySpan<byte> chunk) => _size += chunk.Length;

    [OnEom] Verdict End() => _isBulk && _size > 100 && _state.Points + _spam + _kind > 10 && _sender is null && _names.Count > 4 ? Verdict.Reject() : Verdict.Continue;

    private void Begin()
    {
        _count = 0;
        _size = 0;
    }

    private static Verdict Early(string domain) => domain == "early" ? Verdict.TempFail() : Verdict.Continue;

    private static async Task<Verdict> LateAsync(string domain, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return domain == "late" ? Verdict.Reject() : Verdict.Continue;
    }

    private sealed class State
    {
        public int Points { get; set; }
    }
}
