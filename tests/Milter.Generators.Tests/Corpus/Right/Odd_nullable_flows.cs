// presence told in many ways
[Milter]
partial class Filter
{
    [PerMessage] private (string Name, int Count)? _best;
    [PerMessage] private DateTimeOffset? _since;

    [OnMail]
    void From(EnvelopeAddress from, [Helo] string? helo)
    {
        _since = DateTimeOffset.UnixEpoch;
        _best = helo is { Length: > 0 } name ? (name, 0) : null;
    }

    [OnRcpt]
    void To(EnvelopeAddress to)
    {
        if (_best is var (name, count))
        {
            _best = (name, count + 1);
        }
    }

    [OnEom]
    Verdict End([Header("Subject")] string? subject, [Macro("j")] string? host, TlsInfo? tls, Authentication? login)
    {
        string text = subject?.Trim() ?? host ?? "";
        bool isOld = _since?.Year < 1900, isBest = _best?.Count is > 1000;
        return (text, isOld, isBest, tls?.Bits, login) switch
        {
            ("", true, _, _, _) => Verdict.Reject(),
            (_, _, true, < 40, null) => Verdict.TempFail(),
            _ => Verdict.Continue,
        };
    }
}
