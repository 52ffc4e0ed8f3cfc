using Milter.Protocol;

namespace Milter.Client;

/// <summary>One thing that a filter asked for at the end of a message. Each kind is a record of its own, with what belongs to it.</summary>
public abstract record MilterModification
{
    private protected MilterModification()
    {
    }

    /// <summary>Gets what is asked for, in the wire's terms.</summary>
    public abstract MilterReply Action { get; }
}

/// <summary>A header field to be added (<c>smfi_addheader</c>): at the end with Postfix, before the first of its name with Sendmail.</summary>
/// <param name="Header">The field, its value as it will stand in the message.</param>
public sealed record HeaderAdded(MailHeader Header) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.AddHeader;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>add header X-Checked: yes</c>.</returns>
    public override string ToString() => $"add header {Header}";
}

/// <summary>A header field to be inserted (<c>smfi_insheader</c>).</summary>
/// <param name="Index">The position among the fields, as the MTA counts them; 0 is the top.</param>
/// <param name="Header">The field, its value as it will stand in the message.</param>
public sealed record HeaderInserted(long Index, MailHeader Header) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.InsertHeader;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>insert header 0 X-Checked: yes</c>.</returns>
    public override string ToString() => $"insert header {Index} {Header}";
}

/// <summary>A header field to be changed (<c>smfi_chgheader</c>).</summary>
/// <param name="Index">Which field of the name; 1 is the first.</param>
/// <param name="Header">The field, its value as it will stand in the message.</param>
public sealed record HeaderChanged(long Index, MailHeader Header) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.ChangeHeader;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>change header 1 Subject: hello</c>.</returns>
    public override string ToString() => $"change header {Index} {Header}";
}

/// <summary>A header field to be removed (<c>smfi_chgheader</c> without a value).</summary>
/// <param name="Index">Which field of the name; 1 is the first.</param>
/// <param name="Name">The field's name.</param>
public sealed record HeaderRemoved(long Index, string Name) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.ChangeHeader;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>delete header 1 X-Spam</c>.</returns>
    public override string ToString() => $"delete header {Index} {Name}";
}

/// <summary>A recipient to be added (<c>smfi_addrcpt</c>, and <c>smfi_addrcpt_par</c> where it has arguments).</summary>
/// <param name="Path">The address with its arguments.</param>
public sealed record RecipientAdded(MailPath Path) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => Path.Arguments.Count > 0 ? MilterReply.AddRecipientWithArguments : MilterReply.AddRecipient;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>add recipient &lt;ann@example.net&gt;</c>.</returns>
    public override string ToString() => $"add recipient {Path}";
}

/// <summary>A recipient to be removed (<c>smfi_delrcpt</c>).</summary>
/// <param name="Path">The address.</param>
public sealed record RecipientRemoved(MailPath Path) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.DeleteRecipient;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>delete recipient &lt;ann@example.net&gt;</c>.</returns>
    public override string ToString() => $"delete recipient {Path}";
}

/// <summary>Another sender (<c>smfi_chgfrom</c>).</summary>
/// <param name="Path">The address with its arguments.</param>
public sealed record SenderChanged(MailPath Path) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.ChangeSender;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>change sender &lt;bounces@example.net&gt;</c>.</returns>
    public override string ToString() => $"change sender {Path}";
}

/// <summary>A new body (<c>smfi_replacebody</c>).</summary>
/// <param name="Body">The body; the packets in which it came are joined.</param>
public sealed record BodyReplaced(ReadOnlyMemory<byte> Body) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.ReplaceBody;

    /// <summary>Says whether another is the same, byte by byte.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether it is.</returns>
    public bool Equals(BodyReplaced? other) => other is not null && Body.Span.SequenceEqual(other.Body.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Body.Length;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>replace body (13 bytes)</c>.</returns>
    public override string ToString() => $"replace body ({Counted.Of(Body.Length, "byte")})";
}

/// <summary>The message to be held (<c>smfi_quarantine</c>).</summary>
/// <param name="Reason">Why.</param>
public sealed record MessageQuarantined(string Reason) : MilterModification
{
    /// <inheritdoc/>
    public override MilterReply Action => MilterReply.Quarantine;

    /// <summary>Says the modification in a line.</summary>
    /// <returns>Such as <c>quarantine looks like a virus</c>.</returns>
    public override string ToString() => $"quarantine {Reason}";
}
