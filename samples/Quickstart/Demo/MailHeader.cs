namespace Quickstart.Demo;

/// <summary>One header field as it stands in a message.</summary>
/// <param name="Name">The name, without the colon.</param>
/// <param name="Text">All that follows the colon: leading space, value, folds as a line feed and white space.</param>
/// <param name="IsOwn">Whether the MTA wrote it itself (its Received): such a field is not shown to filters.</param>
internal sealed record MailHeader(string Name, string Text, bool IsOwn = false)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value as it is sent to a filter: one space less, unless the filter asked for it.</summary>
    public string ValueFor(bool keepsSpace) => !keepsSpace && Text.StartsWith(' ') ? Text[1..] : Text;
}
