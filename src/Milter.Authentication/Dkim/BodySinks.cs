using System.Buffers;
using System.Security.Cryptography;

namespace Milter.Auth;

/// <summary>Where a canonical body goes: digests of all of it, or of its beginning (<c>l=</c>).</summary>
internal sealed class BodySinks : IDisposable
{
    private const int Room = 16 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Room);
    private readonly List<(long Limit, IncrementalHash Hash)> _digests = [];
    private int _filled;

    /// <summary>Gets how many bytes the canonical body has.</summary>
    public long Length { get; private set; }

    /// <summary>Asks for a digest.</summary>
    /// <param name="limit">Of so many bytes at most.</param>
    /// <returns>Its number.</returns>
    public int Add(long limit)
    {
        int known = _digests.FindIndex(one => one.Limit == limit);
        if (known < 0)
        {
            _digests.Add((limit, IncrementalHash.CreateHash(HashAlgorithmName.SHA256)));
        }

        return known < 0 ? _digests.Count - 1 : known;
    }

    public byte[] Digest(int number) => _digests[number].Hash.GetCurrentHash();

    public void Write(ReadOnlySpan<byte> more)
    {
        while (more.Length > 0)
        {
            int taken = Math.Min(more.Length, Room - _filled);
            more[..taken].CopyTo(_buffer.AsSpan(_filled));
            _filled += taken;
            more = more[taken..];
            if (_filled == Room)
            {
                Flush();
            }
        }
    }

    public void Flush()
    {
        foreach ((long limit, IncrementalHash hash) in _digests)
        {
            long left = Math.Clamp(limit - Length, 0, _filled);
            hash.AppendData(_buffer, 0, (int)left);
        }

        Length += _filled;
        _filled = 0;
    }

    public void Dispose()
    {
        _digests.ForEach(static one => one.Hash.Dispose());
        ArrayPool<byte>.Shared.Return(_buffer);
    }
}
