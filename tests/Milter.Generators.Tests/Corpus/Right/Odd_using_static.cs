// the verdicts without their type's name, an alias for it, a class of the same name elsewhere
using static Milter.Verdict;
using V = Milter.Verdict;

namespace Other
{
    public static class Verdict { public static readonly int Skip = 1; }
}

[Milter]
partial class Filter
{
    private static readonly V s_no = Reject(550, "5.7.1", "No");
    private static readonly int s_skip = Other.Verdict.Skip;

    [OnMail] V From(EnvelopeAddress from) => from.Domain.Length == 1 ? s_no : s_skip > 5 ? TempFail() : Continue;

    [OnBody] V Chunk(ReadOnlySpan<byte> chunk) => chunk.Length > 10_000_000 ? Skip : Continue;
}
