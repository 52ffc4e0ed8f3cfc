using System;
using System.Security.Cryptography;
using Milter;

namespace Ordinary.BodyDigest;

[Milter]
public sealed partial class Filter
{
    [PerMessage]
    private IncrementalHash? _hash;

    [OnBody]
    private void Piece(ReadOnlySpan<byte> piece)
    {
        _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(piece);
    }

    [OnEom]
    private void End(HeaderAdder headers)
    {
        if (_hash is not null)
        {
            headers.Add("X-Body-Digest", Convert.ToHexString(_hash.GetHashAndReset()));
        }
    }
}
