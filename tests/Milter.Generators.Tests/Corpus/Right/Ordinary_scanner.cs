// a hash over the body, a score in an object of its own, a footer, several lookups at once
//> EOM: ChangeHeader X-Spam
//> EOM: InsertHeader X-Score|1 10 5
//> EOM: InsertHeader X-Hash|64
//> EOM: ReplaceBody one\ntwo\n\n-- \nscanned\n
//> EOM: Accept
//> EOM: InsertHeader X-Score|0 10 5
//> EOM: InsertHeader X-Hash|64
//> EOM: ReplaceBody one\ntwo\n\n-- \nscanned\n
//> EOM: Accept
public sealed class Score : IResettable
{
    private readonly List<string> _reasons = [];

    public int Points { get; private set; }

    public void Add(int points, string reason)
    {
        Points += points;
        _reasons.Add(reason);
    }

    public override string ToString() => $"{Points} {string.Join(",", _reasons)}";

    public void Reset()
    {
        Points = 0;
        _reasons.Clear();
    }
}

[Milter]
public sealed partial class Filter : IDisposable
{
    private static readonly string[] s_lists = ["one.example", "two.example"];
    private static readonly Verdict s_refused = Verdict.Reject(550, "5.7.1", "Listed");
    private readonly System.Security.Cryptography.IncrementalHash _hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
    private readonly MemoryStream _copy = new();
    [PerMessage] private readonly Score _score = new();
    private System.Text.StringBuilder? _scratch;

    public void Dispose()
    {
        _hash.Dispose();
        _copy.Dispose();
    }

    [OnMail]
    void Begin()
    {
        Span<byte> old = stackalloc byte[32];
        _hash.GetHashAndReset(old);
        _copy.SetLength(0);
    }

    [OnHeader]
    void Header(HeaderField field)
    {
        _scratch ??= new System.Text.StringBuilder();
        _scratch.Clear();
        _scratch.Append(field.NameText);
        if (_scratch.Length > 20 || field.Is("X-Spam"))
        {
            _score.Add(1, field.NameText);
        }
    }

    [OnBody]
    void Chunk(ReadOnlySpan<byte> chunk)
    {
        _hash.AppendData(chunk);
        _copy.Write(chunk);
    }

    [OnEom]
    async Task<Verdict> End(MessageBody body, BodyEditor editor, HeaderEditor headers, [Header("Subject", Decoded = true)] string? subject, CancellationToken cancellationToken)
    {
        Task<bool>[] lookups = Array.ConvertAll(s_lists, list => AskAsync(list, cancellationToken));
        await Task.WhenAll(lookups);
        if (Array.Exists(lookups, lookup => lookup.Result))
        {
            return s_refused;
        }

        Task<bool> slow = AskAsync("slow.example", cancellationToken);
        if (await Task.WhenAny(slow, Task.Delay(5_000, cancellationToken)) != slow || slow.Result)
        {
            return Verdict.TempFail();
        }

        if (body.IsAvailable)
        {
            await editor.ReplaceAsync(body.OpenRead(), cancellationToken);
            editor.Append("\r\n-- \r\nscanned\r\n");
        }

        headers.RemoveAll("X-Spam");
        headers.Append("X-Score", $"{_score.Points} {_copy.Length} {subject?.Length}");
        headers.Append("X-Hash", Convert.ToHexString(_hash.GetHashAndReset()).Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Verdict.Accept;
    }

    private static async Task<bool> AskAsync(string list, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken);
        return list.Length == 0;
    }
}
