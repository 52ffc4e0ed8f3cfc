using Milter.Protocol;

namespace Milter.Client;

/// <summary>One thing that a filter asked for at the end of a message.</summary>
public sealed record MilterModification
{
    /// <summary>Gets what is asked for, in the wire's terms.</summary>
    public required MilterReply Action { get; init; }

    /// <summary>Gets the header field of <see cref="MilterReply.AddHeader"/>, <see cref="MilterReply.InsertHeader"/> and <see cref="MilterReply.ChangeHeader"/>, its value as it will stand in the message.</summary>
    public MailHeader? Header { get; init; }

    /// <summary>Gets the position to insert at (0 is the top), or which field of the name to change (1 is the first).</summary>
    public long Index { get; init; }

    /// <summary>Gets a value indicating whether a change deletes the field.</summary>
    public bool Deletes { get; init; }

    /// <summary>Gets the address of a change of the envelope, with its arguments.</summary>
    public MailPath? Path { get; init; }

    /// <summary>Gets the new body; the packets in which it came are joined.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Gets the reason for <see cref="MilterReply.Quarantine"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>insert header 0 X-Checked: yes</c>.</returns>
    public override string ToString() => Action switch
    {
        MilterReply.AddHeader => $"add header {Header}",
        MilterReply.InsertHeader => $"insert header {Index} {Header}",
        MilterReply.ChangeHeader when Deletes => $"delete header {Index} {Header!.Name}",
        MilterReply.ChangeHeader => $"change header {Index} {Header}",
        MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments => $"add recipient {Path}",
        MilterReply.DeleteRecipient => $"delete recipient {Path}",
        MilterReply.ChangeSender => $"change sender {Path}",
        MilterReply.ReplaceBody => $"replace body ({Counted.Of(Body.Length, "byte")})",
        MilterReply.Quarantine => $"quarantine {Reason}",
        _ => Action.ToString(),
    };

    /// <inheritdoc/>
    public bool Equals(MilterModification? other) =>
        other is not null && Action == other.Action && Header == other.Header && Index == other.Index && Deletes == other.Deletes
        && Equals(Path, other.Path) && Reason == other.Reason && Body.Span.SequenceEqual(other.Body.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Action, Index, Header?.Name, Path?.Text, Reason, Body.Length);
}
