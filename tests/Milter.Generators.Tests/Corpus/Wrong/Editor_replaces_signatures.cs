[Milter]
partial class Signer
{
    [OnEom]
    Verdict End(HeaderEditor headers, MessageHeaders all)
    {
        headers.Set({|MILTER161:"DKIM-Signature"|}, $"v=1; a=rsa-sha256; h={all.Count}");
        headers.Set({|MILTER161:"ARC-Authentication-Results"|}, "i=1; mx.example.net; none");
        return Verdict.Continue;
    }
}
