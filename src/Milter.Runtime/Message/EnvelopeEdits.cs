using System.Text;
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
    public void Add(ReadOnlySpan<byte> bracketed, string? arguments)
    {
        if (IsThere(bracketed[1..^1]))
        {
            return;
        }

        int at = IndexOfAdded(bracketed[1..^1]);
        if (at >= 0)
        {
            _added.RemoveAt(at);
        }

        _added.Add(new AddedRecipient(_text.Add(bracketed), _text.Add(arguments ?? "")));
    }

    /// <summary>Takes back what was added, and removes each recipient that matches in the spelling of its RCPT. Says whether there was one.</summary>
    public bool Remove(ReadOnlySpan<byte> mailbox)
    {
        int at = IndexOfAdded(mailbox);
        bool found = at >= 0;
        if (found)
        {
            _added.RemoveAt(at);
        }

        IReadOnlyList<EnvelopeAddress> recipients = _envelope!.Recipients;
        for (int i = 0; i < recipients.Count; i++)
        {
            EnvelopeAddress recipient = recipients[i];
            if (IsSame(recipient.AddressBytes, mailbox))
            {
                found |= AddRemoved(recipient.RawBytes);
            }
        }

        return found;
    }

    public void ChangeSender(ReadOnlySpan<byte> bracketed, string? arguments) =>
        _sender = new AddedRecipient(_text.Add(bracketed), _text.Add(arguments ?? ""));

    public int WriteTo(FrameBuffer output)
    {
        foreach (Slice removed in _removed)
        {
            ReplyWriter.DeleteRecipient(output, _text[removed]);
        }

        foreach (AddedRecipient added in _added)
        {
            if (added.Arguments.Length == 0)
            {
                ReplyWriter.AddRecipient(output, _text[added.Address]);
            }
            else
            {
                ReplyWriter.AddRecipientWithArguments(output, _text[added.Address], _text[added.Arguments]);
            }
        }

        if (_sender is { } sender)
        {
            ReplyWriter.ChangeSender(output, _text[sender.Address], _text[sender.Arguments]);
        }

        return _removed.Count + _added.Count + (_sender is null ? 0 : 1);
    }

    /// <summary>Compares mailboxes without brackets: local parts exactly, domains without case (RFC 5321 section 2.4).</summary>
    private static bool IsSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length || left.SequenceEqual(right))
        {
            return left.Length == right.Length;
        }

        int at = AddressParts.Of(left).At;
        return at >= 0 && left[..at].SequenceEqual(right[..at]) && Ascii.EqualsIgnoreCase(left[at..], right[at..]);
    }

    private bool IsThere(ReadOnlySpan<byte> mailbox)
    {
        IReadOnlyList<EnvelopeAddress> recipients = _envelope!.Recipients;
        for (int i = 0; i < recipients.Count; i++)
        {
            EnvelopeAddress recipient = recipients[i];
            if (IsSame(recipient.AddressBytes, mailbox) && !IsRemoved(recipient.RawBytes))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsRemoved(ReadOnlySpan<byte> raw)
    {
        foreach (Slice removed in _removed)
        {
            if (_text[removed].SequenceEqual(raw))
            {
                return true;
            }
        }

        return false;
    }

    private bool AddRemoved(ReadOnlySpan<byte> raw)
    {
        if (IsRemoved(raw))
        {
            return false;
        }

        _removed.Add(_text.Add(raw));
        return true;
    }

    private int IndexOfAdded(ReadOnlySpan<byte> mailbox)
    {
        for (int i = 0; i < _added.Count; i++)
        {
            if (IsSame(_text[_added[i].Address][1..^1], mailbox))
            {
                return i;
            }
        }

        return -1;
    }

    private readonly record struct AddedRecipient(Slice Address, Slice Arguments);
}
