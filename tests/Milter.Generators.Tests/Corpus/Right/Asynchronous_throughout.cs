// handlers that give their thread back
//> RCPT: Reject
//> EOM: InsertHeader X-Seen|<alice@example.org> example.net example.com 5 5
//> EOM: InsertHeader X-Seen|<alice@example.org> example.net 5 5
[Milter]
partial class Filter
{
    [PerMessage] private readonly List<string> _seen = [];

    [OnMail] async Task Mail(string from, CancellationToken ct) { await Task.Delay(1, ct); _seen.Add(from); }

    [OnRcpt] async ValueTask<Verdict> Rcpt(EnvelopeAddress to, CancellationToken ct)
    {
        string domain = to.Domain!;
        await Task.Delay(1, ct);
        _seen.Add(domain);
        return domain.EndsWith(".com", StringComparison.OrdinalIgnoreCase) ? Verdict.Reject() : Verdict.Continue;
    }

    [OnBody] async Task Chunk(ReadOnlyMemory<byte> chunk) { await Task.Yield(); _seen.Add($"{chunk.Length}"); }

    [OnEom] async Task End(HeaderAdder adder, CancellationToken ct) { await Task.Delay(1, ct); adder.Add("X-Seen", string.Join(" ", _seen)); }
}
