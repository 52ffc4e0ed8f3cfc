using System.Buffers;
using System.Runtime.CompilerServices;

namespace Milter.Protocol;

/// <summary>A string's bytes for the time of one call: in the caller's stack when short, else in a rented array.</summary>
internal readonly ref struct ScratchText
{
    /// <summary>Bytes of stack that callers offer.</summary>
    public const int StackBytes = 256;

    private readonly byte[]? _rented;

    public ScratchText(string text, Span<byte> stack, [CallerArgumentExpression(nameof(text))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);

        // A UTF-16 unit makes three bytes at most: no need to count first when that fits.
        Span<byte> scratch = stack;
        if (text.Length > stack.Length / 3)
        {
            int count = WireText.GetByteCount(text);
            if (count > stack.Length)
            {
                scratch = _rented = ArrayPool<byte>.Shared.Rent(count);
            }
        }

        Bytes = scratch[..WireText.GetBytes(text, scratch)];
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
