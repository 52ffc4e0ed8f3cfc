// a helper that several stages share, with verdicts that are legal at all of them; a table of delegates; nested conditions
[Milter]
partial class Filter
{
    private static readonly Dictionary<int, Func<Verdict>> s_table = new() { [1] = () => Verdict.TempFail(), [2] = Later };

    [OnMail] Verdict From(EnvelopeAddress from) => Judge(from.Domain, isBody: false);

    [OnRcpt] Verdict To(EnvelopeAddress to) => Judge(to.Domain, isBody: false) switch { { Kind: VerdictKind.Discard } => Verdict.Reject(), var other => other };

    [OnBody] Verdict Chunk(ReadOnlySpan<byte> chunk) => chunk.Length > 100_000 ? Verdict.Skip : Verdict.Continue;

    [OnEom] Verdict End(MessageEnvelope envelope) => s_table.TryGetValue(envelope.Recipients.Count + 100, out Func<Verdict>? judge) ? judge() : Verdict.Continue;

    private static Verdict Judge(string domain, bool isBody) => domain.Length > 200 ? (isBody ? Verdict.Continue : Verdict.Reject()) : Verdict.Continue;

    private static Verdict Later() => Verdict.TempFail(451, "4.7.1", "Later");
}
