using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>
/// Changes recipients and sender of a message. A parameter at EOM (<c>SMFIF_ADDRCPT</c> and <c>SMFIF_DELRCPT</c>; <c>SMFIF_CHGFROM</c> and
/// <c>SMFIF_ADDRCPT_PAR</c> where they are offered).
/// </summary>
/// <remarks>
/// Calls are collected and sent with the verdict: removals first, then what is added, then the sender. The envelope then is what it would be if the calls had
/// been made one after another; when the handler throws, nothing is sent. Addresses may be given with or without angle brackets, and are sent with them.
/// </remarks>
public sealed class EnvelopeEditor
{
    private readonly PlanScope _scope;
    private readonly EnvelopeEdits _edits;

    internal EnvelopeEditor(PlanScope scope, EnvelopeEdits edits)
    {
        _scope = scope;
        _edits = edits;
    }

    /// <summary>Gets a value indicating whether <see cref="ChangeSender"/> is agreed with the MTA (<c>SMFIF_CHGFROM</c>).</summary>
    /// <exception cref="InvalidOperationException">The message is over.</exception>
    public bool CanChangeSender => Has(MilterActions.ChangeSender);

    /// <summary>Gets a value indicating whether recipients with arguments are agreed with the MTA (<c>SMFIF_ADDRCPT_PAR</c>).</summary>
    /// <exception cref="InvalidOperationException">The message is over.</exception>
    public bool CanAddArguments => Has(MilterActions.AddRecipientsWithArguments);

    /// <summary>Adds a recipient (<c>smfi_addrcpt</c>, with arguments <c>smfi_addrcpt_par</c>). One that is there already stays one, as it is.</summary>
    /// <param name="address">The address.</param>
    /// <param name="arguments">The ESMTP arguments <c>NOTIFY=</c> and <c>ORCPT=</c> (RFC 3461) with spaces between them, or <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">
    /// The address is empty or not one that both MTAs take as it is meant (<see cref="MailPath.Check"/> tells beforehand), or an argument is another one or malformed: Sendmail
    /// would leave the recipient out without a word to the filter, and some make it send the client a line that nobody asked for.
    /// </exception>
    /// <exception cref="InvalidOperationException">The message is over, or the action was not agreed: with arguments see <see cref="CanAddArguments"/>.</exception>
    public void AddRecipient(string address, string? arguments = null)
    {
        MailPath path = Mailbox.Check(address, mayBeNull: false);
        arguments = Mailbox.CheckRecipientArguments(arguments);
        if (_scope.Allows(arguments is null ? MilterActions.AddRecipients : MilterActions.AddRecipientsWithArguments))
        {
            _edits.Add(path, arguments);
        }
    }

    /// <summary>Removes a recipient (<c>smfi_delrcpt</c>): from the envelope, and from what was added before.</summary>
    /// <param name="address">
    /// The address, in any spelling. Removed is each recipient that this filter let pass and that is the same mailbox (<see cref="EnvelopeAddress.Is"/>), in the spelling by which the MTA
    /// knows it.
    /// </param>
    /// <returns><see langword="false"/> where there is no such recipient (any more); then nothing is sent.</returns>
    /// <remarks>Without its last recipient a message is accepted and goes nowhere. No text is refused: what is no address is no recipient.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or the action was not agreed.</exception>
    public bool RemoveRecipient(string address) => Remove(new MailPath(address));

    /// <inheritdoc cref="RemoveRecipient(string)"/>
    /// <param name="recipient">A recipient of the message (<see cref="MessageEnvelope.Recipients"/>), however odd its address.</param>
    /// <exception cref="ArgumentNullException"><paramref name="recipient"/> is <see langword="null"/>.</exception>
    public bool RemoveRecipient(EnvelopeAddress recipient)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        return Remove(recipient.Path);
    }

    /// <summary>Changes the sender (<c>smfi_chgfrom</c>). Of several calls the last counts.</summary>
    /// <param name="address">The address; empty or <c>&lt;&gt;</c> for the null sender.</param>
    /// <param name="arguments">ESMTP arguments with spaces between them, or <see langword="null"/> for none. Postfix takes <c>RET=</c> and <c>ENVID=</c> (RFC 3461) only.</param>
    /// <exception cref="ArgumentException">The address is not one that both MTAs take as it is meant (<see cref="MailPath.Check"/>), or an argument is malformed.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or the action was not agreed: see <see cref="CanChangeSender"/>.</exception>
    public void ChangeSender(string address, string? arguments = null)
    {
        MailPath path = Mailbox.Check(address, mayBeNull: true);
        arguments = Mailbox.CheckSenderArguments(arguments);
        if (_scope.Allows(MilterActions.ChangeSender))
        {
            _edits.ChangeSender(path, arguments);
        }
    }

    private bool Remove(MailPath mailbox) => _scope.Allows(MilterActions.DeleteRecipients) && _edits.Remove(mailbox);

    private bool Has(MilterActions action)
    {
        _scope.ThrowIfLate();
        return (_scope.Agreed & action) != 0;
    }
}
