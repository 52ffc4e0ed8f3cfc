using System.Buffers;

namespace Milter.Auth;

/// <summary>The digests of a body that the signatures of a message want, made in one reading.</summary>
internal sealed class BodyDigests : IDisposable
{
    private const int Piece = 64 * 1024;

    private readonly BodySinks?[] _sinks = new BodySinks?[2];

    /// <summary>Asks for a digest, before <see cref="ReadAsync"/>.</summary>
    /// <returns>Its number among those of the form.</returns>
    public int Add(Canonicalization form, long? limit) => (_sinks[(int)form] ??= new BodySinks()).Add(limit ?? long.MaxValue);

    public byte[] Digest(Canonicalization form, int number) => _sinks[(int)form]!.Digest(number);

    /// <summary>Gets how many bytes the canonical body has.</summary>
    public long Length(Canonicalization form) => _sinks[(int)form]!.Length;

    /// <summary>Reads a body from where the stream is to its end.</summary>
    public async ValueTask ReadAsync(Stream body, CancellationToken cancellation)
    {
        BodyForm?[] forms = [.. _sinks.Select(static (sinks, form) => sinks is null ? null : new BodyForm((Canonicalization)form, sinks))];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (await body.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                foreach (BodyForm? form in forms)
                {
                    form?.Take(buffer.AsSpan(0, read));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        foreach (BodyForm? form in forms)
        {
            form?.End();
        }
    }

    public void Dispose()
    {
        foreach (BodySinks? sinks in _sinks)
        {
            sinks?.Dispose();
        }
    }
}
