using System.Buffers;

namespace Milter.Client;

/// <summary>A header field of a message.</summary>
/// <remarks>Text is bytes by <see cref="Protocol.WireText"/>: UTF-8, with bytes that are none carried along unharmed.</remarks>
public sealed record MailHeader
{
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Where(static c => c != ':').Select(static c => (char)c)]);

    /// <summary>Makes a field, with a space after the colon.</summary>
    /// <param name="name">The name without colon: printable ASCII (RFC 5322 section 2.2).</param>
    /// <param name="value">The value; folds as a line feed and white space.</param>
    /// <exception cref="ArgumentException">The name is none, or the value would begin another field. <see cref="MailContent.Parse(ReadOnlySpan{byte})"/> takes whatever stands in a message.</exception>
    public MailHeader(string name, string value)
    {
        CheckName(name);
        CheckValue(name, value, nameof(value));
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
    /// <param name="name">The name without colon: printable ASCII (RFC 5322 section 2.2).</param>
    /// <param name="rawValue">Everything after the colon; folds as a line feed and white space.</param>
    /// <returns>The field.</returns>
    /// <exception cref="ArgumentException">The name is none, or the value would begin another field.</exception>
    public static MailHeader FromRaw(string name, string rawValue)
    {
        CheckName(name);
        CheckValue(name, rawValue, nameof(rawValue));
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

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int at = name.AsSpan().IndexOfAnyExcept(s_nameCharacters);
        if (at >= 0)
        {
            throw new ArgumentException($"\"{name}\" is no name of a header field: '{name[at]}' can't stand in one. Write printable ASCII without blanks and colon, such as X-Checked.", nameof(name));
        }
    }

    private static void CheckValue(string name, string value, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        for (int at = value.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = value.IndexOf('\n', at + 1))
        {
            if (at + 1 == value.Length || value[at + 1] is not (' ' or '\t'))
            {
                throw new ArgumentException($"The value of {name} has a line that would begin another field, or end the header. Begin each line but the first with a blank or tab, or leave line feeds out.", parameter);
            }
        }
    }
}
