using Milter.Protocol;

namespace Milter;

/// <content>The same from strings.</content>
public sealed partial class MessageActions
{
    /// <inheritdoc cref="AddHeader(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void AddHeader(string name, string value) => AddHeader(WireText.GetBytes(name), WireText.GetBytes(value));

    /// <inheritdoc cref="InsertHeader(int, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void InsertHeader(int index, string name, string value) => InsertHeader(index, WireText.GetBytes(name), WireText.GetBytes(value));

    /// <inheritdoc cref="ChangeHeader(ReadOnlySpan{byte}, int, ReadOnlySpan{byte})"/>
    public void ChangeHeader(string name, int occurrence, string value) => ChangeHeader(WireText.GetBytes(name), occurrence, WireText.GetBytes(value));

    /// <inheritdoc cref="DeleteHeader(ReadOnlySpan{byte}, int)"/>
    public void DeleteHeader(string name, int occurrence) => DeleteHeader(WireText.GetBytes(name), occurrence);

    /// <summary>Adds a recipient: with <c>smfi_addrcpt</c>, or with <c>smfi_addrcpt_par</c> where there are arguments.</summary>
    /// <param name="address">The address, with or without angle brackets.</param>
    /// <param name="arguments">ESMTP arguments with spaces between them; <see langword="null"/> or empty for none.</param>
    /// <exception cref="ArgumentException">Address or arguments are not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_ADDRCPT</c> (with arguments <c>SMFIF_ADDRCPT_PAR</c>) was not agreed.</exception>
    public void AddRecipient(string address, string? arguments = null)
    {
        if (string.IsNullOrEmpty(arguments))
        {
            AddRecipient(WireText.GetBytes(address));
        }
        else
        {
            AddRecipientWithArguments(address, arguments);
        }
    }

    /// <inheritdoc cref="AddRecipientWithArguments(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void AddRecipientWithArguments(string address, string arguments) => AddRecipientWithArguments(WireText.GetBytes(address), WireText.GetBytes(arguments));

    /// <inheritdoc cref="DeleteRecipient(ReadOnlySpan{byte})"/>
    public void DeleteRecipient(string address) => DeleteRecipient(WireText.GetBytes(address));

    /// <inheritdoc cref="ChangeSender(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void ChangeSender(string address, string? arguments = null) => ChangeSender(WireText.GetBytes(address), WireText.GetBytes(arguments ?? ""));

    /// <inheritdoc cref="ReplaceBody(ReadOnlySpan{byte})"/>
    public void ReplaceBody(string body) => ReplaceBody(WireText.GetBytes(body));

    /// <inheritdoc cref="Quarantine(ReadOnlySpan{byte})"/>
    public void Quarantine(string reason) => Quarantine(WireText.GetBytes(reason));
}
