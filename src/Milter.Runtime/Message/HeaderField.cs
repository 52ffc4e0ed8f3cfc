using System.Text;
using Milter.Protocol;

namespace Milter;

/// <summary>One header field (<c>SMFIC_HEADER</c>, <c>xxfi_header</c>). A view that ends with the handler.</summary>
public readonly ref struct HeaderField
{
    internal HeaderField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Gets the name as it was sent, without the colon.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Gets the value as it was sent.</summary>
    /// <value>Folds are a line feed and white space. The one space after the colon is there only with <see cref="MilterAttribute.PreserveHeaderSpace"/>.</value>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Gets <see cref="Name"/> as text.</summary>
    public string NameText => WireText.GetString(Name);

    /// <summary>Gets <see cref="Value"/> as text, folds and encoded words as they were sent.</summary>
    public string ValueText => WireText.GetString(Value);

    /// <summary>Gets the value for people: unfolded, encoded words (RFC 2047) decoded, without white space around it.</summary>
    /// <remarks>See <see cref="EncodedWords.Decode(ReadOnlySpan{byte})"/>. Decoded text may hold any character, line ends included.</remarks>
    public string DecodedValue => EncodedWords.Decode(Value);

    /// <summary>Says whether the field has this name, case aside.</summary>
    /// <param name="name">A name in ASCII, without the colon.</param>
    /// <returns>Whether it has.</returns>
    public bool Is(string name) => Ascii.EqualsIgnoreCase(Name, name);

    /// <summary>Says whether the field has this name, case aside.</summary>
    /// <param name="name">A name in ASCII, without the colon.</param>
    /// <returns>Whether it has.</returns>
    public bool Is(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Name, name);

    /// <summary>Gives the field as it was sent, for logs.</summary>
    /// <returns><c>Name: value</c>.</returns>
    public override string ToString() => $"{NameText}: {ValueText}";
}
