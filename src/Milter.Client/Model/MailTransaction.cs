namespace Milter.Client;

/// <summary>One message on its way through an MTA: envelope, content, and what belongs to it.</summary>
public sealed class MailTransaction
{
    /// <summary>Gets or sets the sender.</summary>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>; a bounce has <see cref="MailPath.Null"/>.</exception>
    public MailPath Sender
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Sender));
    }
    = MailPath.Null;

    /// <summary>Gets the recipients.</summary>
    public IList<MailPath> Recipients { get; } = new List<MailPath>();

    /// <summary>Gets the recipients that the MTA itself has refused.</summary>
    public IList<RefusedRecipient> RefusedRecipients { get; } = new List<RefusedRecipient>();

    /// <summary>Gets or sets header fields and body.</summary>
    /// <exception cref="ArgumentNullException">They are <see langword="null"/>.</exception>
    public MailContent Content
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Content));
    }
    = new();

    /// <summary>Gets or sets the field that the MTA itself puts on top. Filters are not shown it, but positions count from it.</summary>
    /// <value><see langword="null"/> by default: none.</value>
    public MailHeader? Received { get; set; }

    /// <summary>Gets or sets the queue id (<c>i</c>). When it is told depends on the MTA: with Postfix not before the second RCPT.</summary>
    public string? QueueId { get; set; }

    /// <summary>Gets macros of this message; they go before those of <see cref="SmtpSession.Macros"/>.</summary>
    public IDictionary<string, string?> Macros { get; } = new Dictionary<string, string?>();

    /// <summary>Gets or sets the reason for which the message is held; <see langword="null"/> when it is not.</summary>
    public string? QuarantineReason { get; set; }

    /// <summary>Makes a copy that can be changed without changing this one.</summary>
    /// <returns>The copy.</returns>
    public MailTransaction Clone()
    {
        var copy = new MailTransaction { Sender = Sender, Content = Content.Clone(), Received = Received, QueueId = QueueId, QuarantineReason = QuarantineReason };
        CopyTo(Recipients, copy.Recipients);
        CopyTo(RefusedRecipients, copy.RefusedRecipients);
        foreach ((string name, string? value) in Macros)
        {
            copy.Macros[name] = value;
        }

        return copy;
    }

    /// <summary>Does to a copy what a filter has asked for, in the way of an MTA.</summary>
    /// <param name="modifications">What it has asked for, in its order.</param>
    /// <param name="personality">The MTA's rules for positions, numbers and spellings.</param>
    /// <returns>The changed copy. Its <see cref="Received"/> stands among the header fields of its content.</returns>
    public MailTransaction Apply(IEnumerable<MilterModification> modifications, MtaPersonality personality)
    {
        ArgumentNullException.ThrowIfNull(modifications);
        ArgumentNullException.ThrowIfNull(personality);
        var editor = new TransactionEditor(this, personality);
        foreach (MilterModification modification in modifications)
        {
            editor.Apply(modification);
        }

        return editor.Complete();
    }

    private static void CopyTo<T>(IList<T> from, IList<T> to)
    {
        foreach (T item in from)
        {
            to.Add(item);
        }
    }
}
