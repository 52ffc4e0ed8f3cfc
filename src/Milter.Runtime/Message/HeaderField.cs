namespace Milter;

/// <summary>One header field. A view that ends with the handler.</summary>
public readonly ref struct HeaderField
{
    internal HeaderField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Gets the name, without the colon.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Gets the value, folded as it was sent.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
