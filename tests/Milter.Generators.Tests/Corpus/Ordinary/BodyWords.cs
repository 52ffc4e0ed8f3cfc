using System;
using System.Collections.Generic;
using Milter;

namespace Ordinary.BodyWords;

[Milter]
public sealed partial class Filter
{
    private static readonly Verdict s_secret = Verdict.Reject(550, "5.7.1", "The message is marked as internal");

    [PerMessage]
    private readonly List<byte> _tail = [];

    [OnBody]
    private Verdict Piece(ReadOnlySpan<byte> piece)
    {
        ReadOnlySpan<byte> word = "INTERNAL-ONLY"u8;
        byte[] joined = [.. _tail, .. piece];
        if (joined.AsSpan().IndexOf(word) >= 0)
        {
            return s_secret;
        }

        _tail.Clear();
        _tail.AddRange(joined.AsSpan(Math.Max(0, joined.Length - word.Length + 1)));
        return Verdict.Continue;
    }
}
