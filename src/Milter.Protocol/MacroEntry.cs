namespace Milter.Protocol;

/// <summary>One macro as it was read.</summary>
public readonly ref struct MacroEntry
{
    internal MacroEntry(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Gets the name as on the wire: <c>i</c>, <c>{mail_addr}</c>; some MTAs leave the braces out, some put them around one letter.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Gets the value; may be empty.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
