using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Milter.Policy;

/// <summary>Makes keys fit for any store, whatever a sender put into them, and unreadable where a secret is set.</summary>
/// <remarks>An address of a kilobyte does not fit an index, NUL and lone surrogates are no text to a database: such keys go as a digest, which begins with <c>#</c>, as no other key does.</remarks>
internal sealed class SafeKeysStore(IPolicyStore inner, string? secret) : IPolicyStore
{
    private const int Longest = 400;

    private static readonly SearchValues<char> s_plain = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly byte[]? _secret = string.IsNullOrEmpty(secret) ? null : Encoding.UTF8.GetBytes(secret);

    public IPolicyStore Inner => inner;

    public ValueTask<Sighting> SeeAsync(string list, string key, SightingRule rule, CancellationToken cancellationToken = default) => inner.SeeAsync(list, Safe(key), rule, cancellationToken);

    public ValueTask<Sighting?> FindAsync(string list, string key, CancellationToken cancellationToken = default) => inner.FindAsync(list, Safe(key), cancellationToken);

    public ValueTask PutAsync(string list, string key, long passes, TimeSpan keep, CancellationToken cancellationToken = default) => inner.PutAsync(list, Safe(key), passes, keep, cancellationToken);

    public ValueTask<CounterLease> CountAsync(string list, string key, long permits, CounterRule rule, CancellationToken cancellationToken = default) => inner.CountAsync(list, Safe(key), permits, rule, cancellationToken);

    public ValueTask<bool> ForgetAsync(string list, string key, CancellationToken cancellationToken = default) => inner.ForgetAsync(list, Safe(key), cancellationToken);

    /// <summary>Where keys are hashed, only a whole key can be found.</summary>
    public ValueTask<IReadOnlyList<StoredKey>> ListAsync(string? list, string? contains, int limit, CancellationToken cancellationToken = default) =>
        inner.ListAsync(list, _secret is null || string.IsNullOrEmpty(contains) || contains[0] == '#' ? contains : Safe(contains), limit, cancellationToken);

    public ValueTask<long> CleanAsync(CancellationToken cancellationToken = default) => inner.CleanAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public override string ToString() => inner.ToString() ?? "";

    internal string Safe(string key)
    {
        if (_secret is null && key.Length is > 0 and <= Longest && key[0] != '#' && !key.AsSpan().ContainsAnyExcept(s_plain))
        {
            return key;
        }

        // The characters' own bytes: a lone surrogate has no UTF-8.
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(key.AsSpan());
        Span<byte> digest = stackalloc byte[32];
        _ = _secret is null ? SHA256.HashData(bytes, digest) : HMACSHA256.HashData(_secret, bytes, digest);
        return $"#{Convert.ToHexString(digest[..16])}";
    }
}
