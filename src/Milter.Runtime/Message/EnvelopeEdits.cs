using Milter.Protocol;

namespace Milter.Message;

/// <summary>Edits of the envelope.</summary>
internal sealed class EnvelopeEdits
{
    private readonly ByteArena _text = new();
    private readonly List<Slice> _removed = [];
    private readonly List<AddedRecipient> _added = [];
    private MessageEnvelope? _envelope;
    private AddedRecipient? _sender;

    public void Begin(MessageEnvelope envelope) => _envelope = envelope;

    public void Reset()
    {
        _text.Clear();
        _removed.Clear();
        _added.Clear();
        _envelope = null;
        _sender = null;
    }

    /// <summary>Adds a recipient; one that was added before is replaced, with its arguments. One of the envelope stays as it is: Postfix would deliver to it twice.</summary>
    public void Add(MailPath address, string? arguments)
    {
        if (IsThere(address))
        {
            return;
        }

        _added.RemoveAll(added => added.Path.Is(address));
        _added.Add(new AddedRecipient(address, _text.Add(arguments ?? "")));
    }

    /// <summary>Takes back what was added, and removes each recipient that is the same mailbox. Says whether there was one.</summary>
    public bool Remove(MailPath mailbox)
    {
        bool found = _added.RemoveAll(added => added.Path.Is(mailbox)) > 0;
        IReadOnlyList<EnvelopeAddress> recipients = _envelope!.Recipients;
        for (int i = 0; i < recipients.Count; i++)
        {
            if (recipients[i].Is(mailbox))
            {
                found |= AddRemoved(recipients[i]);
            }
        }

        return found;
    }

    public void ChangeSender(MailPath address, string? arguments) => _sender = new AddedRecipient(address, _text.Add(arguments ?? ""));

    public void WriteTo(FrameBuffer output, ref EditTally tally)
    {
        foreach (Slice removed in _removed)
        {
            ReplyWriter.DeleteRecipient(output, _text[removed]);
            tally.Add(EditKind.RecipientRemove, _text[removed]);
        }

        foreach (AddedRecipient added in _added)
        {
            byte[] address = Bracketed(added.Path);
            tally.Add(EditKind.RecipientAdd, address);
            if (added.Arguments.Length == 0)
            {
                ReplyWriter.AddRecipient(output, address);
            }
            else
            {
                ReplyWriter.AddRecipientWithArguments(output, address, _text[added.Arguments]);
            }
        }

        if (_sender is { } sender)
        {
            byte[] address = Bracketed(sender.Path);
            tally.Add(EditKind.Sender, address);
            ReplyWriter.ChangeSender(output, address, _text[sender.Arguments]);
        }
    }

    // In brackets, so that nothing in it is read as an argument.
    private static byte[] Bracketed(MailPath path) => WireText.GetBytes($"<{path.Text}>");

    private bool IsThere(MailPath mailbox)
    {
        IReadOnlyList<EnvelopeAddress> recipients = _envelope!.Recipients;
        for (int i = 0; i < recipients.Count; i++)
        {
            if (recipients[i].Is(mailbox) && !IsRemoved(Known(recipients[i])))
            {
                return true;
            }
        }

        return false;
    }

    // Both MTAs find the spelling of RCPT, but Postfix has taken a source route away by then.
    private static ReadOnlySpan<byte> Known(EnvelopeAddress recipient) => recipient.HasRoute ? (byte[])[(byte)'<', .. recipient.AddressBytes, (byte)'>'] : recipient.RawBytes;

    private bool IsRemoved(ReadOnlySpan<byte> known)
    {
        foreach (Slice removed in _removed)
        {
            if (_text[removed].SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    private bool AddRemoved(EnvelopeAddress recipient)
    {
        ReadOnlySpan<byte> known = Known(recipient);
        if (IsRemoved(known))
        {
            return false;
        }

        _removed.Add(_text.Add(known));
        return true;
    }

    private readonly record struct AddedRecipient(MailPath Path, Slice Arguments);
}
