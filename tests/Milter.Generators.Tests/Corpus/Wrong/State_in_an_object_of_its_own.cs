sealed class Score
{
    public int Points { get; private set; }
    public bool IsHigh => Points > 10;
    public void Add(int points) => Points += points;
}

[Milter]
partial class Filter
{
    private readonly Score _score = new();
    private readonly System.Security.Cryptography.IncrementalHash _hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);

    [OnHeader] void Header(HeaderField field) => {|MILTER110:_score.Add(field.Value.Length > 500 ? 3 : 0)|};
    [OnBody] void Chunk(ReadOnlySpan<byte> chunk) => {|MILTER111:_hash.AppendData(chunk)|};
    [OnEom] Verdict End(HeaderEditor headers)
    {
        headers.Append("X-Hash", Convert.ToHexString(_hash.GetHashAndReset()));
        return _score.IsHigh ? Verdict.Reject() : Verdict.Continue;
    }
}
