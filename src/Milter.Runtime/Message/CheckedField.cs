using Milter.Protocol;

namespace Milter.Message;

/// <summary>Name and value of a field, checked and as bytes.</summary>
internal readonly ref struct CheckedField
{
    /// <summary>Takes text: encoded and folded, unless it is a value that the message came with.</summary>
    public CheckedField(string name, string value, PlanScope scope, HeaderEdits edits)
    {
        ArgumentNullException.ThrowIfNull(value);
        scope.ThrowIfLate();
        Name = NameOf(name);
        HeaderText.CheckName(Name);
        value = value.Replace("\r\n", "\n", StringComparison.Ordinal);
        byte[] raw = WireText.GetBytes(value);
        Value = edits.IsShown(Name, raw) ? raw : HeaderText.Encode(Name, value, raw, scope.AllowsUtf8);
        HeaderText.CheckValue(Name, Value);
    }

    /// <summary>Takes bytes as they are.</summary>
    public CheckedField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        HeaderText.CheckName(name);
        Name = name;
        Value = HeaderText.Unreturned(value);
        HeaderText.CheckValue(name, Value);
    }

    public ReadOnlySpan<byte> Name { get; }

    public ReadOnlySpan<byte> Value { get; }

    public static ReadOnlySpan<byte> NameOf(string name) => WireText.GetBytes(name);
}
