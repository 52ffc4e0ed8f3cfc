namespace Milter.Client;

/// <summary>A header field of a message.</summary>
/// <remarks>Text is bytes by <see cref="Protocol.WireText"/>: UTF-8, with bytes that are none carried along unharmed.</remarks>
public sealed record MailHeader
{
    /// <summary>Makes a field, with a space after the colon.</summary>
    /// <param name="name">The name without colon.</param>
    /// <param name="value">The value; folds as a line feed and white space.</param>
    public MailHeader(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        RawValue = " " + value;
    }

    private MailHeader(string name, string raw, bool isRaw)
    {
        _ = isRaw;
        Name = name;
        RawValue = raw;
    }

    /// <summary>Gets the name, in the case in which it was written.</summary>
    public string Name { get; }

    /// <summary>Gets everything after the colon, up to the end of the field; lines are separated by one line feed.</summary>
    public string RawValue { get; }

    /// <summary>Gets the value without the one space after the colon, as filters get it unless they have asked to keep that space.</summary>
    public string Value => RawValue.StartsWith(' ') ? RawValue[1..] : RawValue;

    /// <summary>Makes a field with exactly this text after the colon.</summary>
    /// <param name="name">The name without colon.</param>
    /// <param name="rawValue">Everything after the colon.</param>
    /// <returns>The field.</returns>
    public static MailHeader FromRaw(string name, string rawValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rawValue);
        return new MailHeader(name, rawValue.Replace("\r\n", "\n", StringComparison.Ordinal), isRaw: true);
    }

    /// <summary>Makes a field as a filter wrote it: a CR before a line feed stays, and stands in the message beside that of the MTA.</summary>
    internal static MailHeader Verbatim(string name, string rawValue) => new(name, rawValue, isRaw: true);

    /// <summary>Says whether the field has this name; case does not matter.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it has.</returns>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Says the field as it stands in a message, lines separated by a line feed.</summary>
    /// <returns>Name, colon, and everything after it.</returns>
    public override string ToString() => $"{Name}:{RawValue}";
}
