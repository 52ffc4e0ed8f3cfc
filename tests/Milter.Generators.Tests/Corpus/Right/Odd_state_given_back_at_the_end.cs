// what the end of the message gives back, by helpers, try and finally
abstract class Shared
{
    protected int Seen { get; set; }

    [OnMessageEnd]
    protected void Over(MessageOutcome outcome)
    {
        try
        {
            Console.WriteLine(outcome);
        }
        finally
        {
            Reset();
        }
    }

    protected virtual void Reset() => Seen = 0;
}

[Milter]
partial class Filter : Shared
{
    private readonly Dictionary<string, int> _byDomain = new(StringComparer.OrdinalIgnoreCase);
    private readonly MemoryStream _copy = new();
    private readonly System.Text.StringBuilder _text = new();
    private readonly int[] _sizes = new int[3];
    private string? _last;

    [OnRcpt]
    void To(EnvelopeAddress to)
    {
        Seen++;
        _byDomain[to.Domain] = _byDomain.GetValueOrDefault(to.Domain) + 1;
        _last = to.Domain;
        _text.AppendLine(to.Address);
        _sizes[1]++;
    }

    [OnBody] void Chunk(ReadOnlySpan<byte> chunk) => _copy.Write(chunk);

    [OnEom] Verdict End() => Seen > 100 || _byDomain.Count > 10 || _last is null || _copy.Length > 100_000 || _text.Length > 100_000 || _sizes[1] > 100 ? Verdict.TempFail() : Verdict.Continue;

    protected override void Reset()
    {
        base.Reset();
        _byDomain.Clear();
        _copy.SetLength(0);
        _text.Length = 0;
        Array.Clear(_sizes);
        _last = default;
    }
}
