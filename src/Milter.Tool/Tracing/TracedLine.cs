namespace Milter.Tool;

/// <summary>A line of a conversation, for its page.</summary>
/// <param name="At">When, since the connection was made.</param>
/// <param name="Mark"><c>&gt;</c> from the MTA, <c>&lt;</c> from the filter, <c>=</c> what follows from it, <c>!</c> what is wrong.</param>
/// <param name="Name">The packet's name, or none.</param>
/// <param name="Detail">What is in it.</param>
internal sealed record TracedLine(TimeSpan At, char Mark, string Name, string Detail)
{
    /// <summary>Gets what is to be said of it: the time that it took, or what does not belong there.</summary>
    public string Note { get; init; } = "";

    /// <summary>Gets how long the MTA has waited for it; nothing where it did not.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Gets a value indicating whether it is against the protocol.</summary>
    public bool IsWrong { get; init; }

    /// <summary>Gets what the filter has changed of the message, at its end.</summary>
    public IReadOnlyList<string>? Changes { get; init; }
}
