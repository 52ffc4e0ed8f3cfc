using System.Buffers;

namespace Milter.Message;

/// <summary>A value with the space after the colon before it, where that is ours to write; where the filter sees that space, only if the value does not begin with white space of its own.</summary>
internal readonly ref struct SpacedValue
{
    private readonly byte[]? _rented;

    public SpacedValue(ReadOnlySpan<byte> value, ColonSpace space)
    {
        Bytes = value;
        if (space == ColonSpace.Hidden || (space == ColonSpace.OfTheFilter && value is not [(byte)' ' or (byte)'\t' or (byte)'\n', ..]))
        {
            _rented = ArrayPool<byte>.Shared.Rent(value.Length + 1);
            _rented[0] = (byte)' ';
            value.CopyTo(_rented.AsSpan(1));
            Bytes = _rented.AsSpan(0, value.Length + 1);
        }
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
