using Milter.Protocol;

namespace Milter.Message;

/// <summary>Name and value of a field, checked and as bytes.</summary>
internal readonly ref struct CheckedField
{
    /// <summary>Takes text: encoded and folded.</summary>
    public CheckedField(string name, string value, PlanScope scope)
    {
        scope.ThrowIfLate();
        Name = NameOf(name);
        HeaderText.CheckName(Name);
        Value = HeaderText.Encode(Name, value, scope.AllowsUtf8);
    }

    /// <summary>Takes bytes as they are.</summary>
    public CheckedField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        HeaderText.CheckName(name);
        HeaderText.CheckValue(name, value);
        Name = name;
        Value = value;
    }

    public ReadOnlySpan<byte> Name { get; }

    public ReadOnlySpan<byte> Value { get; }

    public static ReadOnlySpan<byte> NameOf(string name) => WireText.GetBytes(name);
}
