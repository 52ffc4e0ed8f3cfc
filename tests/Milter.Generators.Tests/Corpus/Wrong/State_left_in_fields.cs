[Milter]
partial class Filter
{
    private int _received;
    private bool _isSpam;
    private string? Subject { get; set; }

    [OnHeader("Received")] void Received(HeaderField field) => {|MILTER110:_received|}++;

    [OnHeader("Subject")]
    void OnSubject(string value)
    {
        {|MILTER110:Subject|} = value;
        {|MILTER110:_isSpam|} |= value.Contains("win");
    }

    [OnEom] Verdict End() => _isSpam && _received > 3 && Subject is not null ? Verdict.Reject() : Verdict.Continue;
}
