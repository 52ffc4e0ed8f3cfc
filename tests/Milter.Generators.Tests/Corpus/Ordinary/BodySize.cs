using System;
using Milter;

namespace Ordinary.BodySize;

[Milter]
internal sealed partial class Filter
{
    private static readonly Verdict s_tooBig = Verdict.Reject(552, "5.3.4", "Too big: send a link instead");

    [PerMessage]
    private long _bytes;

    [OnBody]
    private Verdict Piece(ReadOnlySpan<byte> piece)
    {
        _bytes += piece.Length;
        return _bytes > 50_000_000 ? s_tooBig : Verdict.Continue;
    }
}
