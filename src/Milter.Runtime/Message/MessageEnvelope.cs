using System.Collections;
using Milter.Message;

namespace Milter;

/// <summary>Sender and recipients of a message.</summary>
/// <remarks>Valid from MAIL until the message ends; afterwards its members throw. Edits made by <see cref="EnvelopeEditor"/> do not show here.</remarks>
public sealed class MessageEnvelope
{
    /// <summary>How many recipient objects are kept for the next message, and how many bytes all of them may keep.</summary>
    private const int KeptRecipients = 256, KeptBytes = 32 * 1024;

    private readonly EnvelopeAddress _sender = new();
    private readonly List<EnvelopeAddress> _pool = [];
    private readonly RecipientList _recipients;
    private int _count;
    private bool _hasSender;
    private bool _live;

    internal MessageEnvelope() => _recipients = new RecipientList(this);

    /// <summary>Gets the sender.</summary>
    /// <exception cref="InvalidOperationException">There was no MAIL yet, or the message has ended.</exception>
    public EnvelopeAddress Sender
    {
        get
        {
            ThrowIfLate();
            return _hasSender ? _sender : throw new InvalidOperationException("The sender is not known before MAIL.");
        }
    }

    /// <summary>Gets the recipients that this filter let pass so far, in the order of RCPT.</summary>
    /// <value>At RCPT those before the current one. Others may still refuse a recipient that this filter let pass; recipients that the MTA refused itself are not here.</value>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public IReadOnlyList<EnvelopeAddress> Recipients
    {
        get
        {
            ThrowIfLate();
            return _recipients;
        }
    }

    internal bool HasSender => _live && _hasSender;

    /// <summary>Gets the bytes of all recipients with their arguments.</summary>
    internal long Size { get; private set; }

    /// <summary>A message begins.</summary>
    internal void Begin()
    {
        Reset();
        _live = true;
    }

    /// <summary>Takes the payload of a MAIL.</summary>
    internal EnvelopeAddress SetSender(ReadOnlySpan<byte> payload)
    {
        _sender.Set(payload);
        _hasSender = true;
        return _sender;
    }

    /// <summary>Takes the payload of a RCPT that this filter let pass.</summary>
    internal EnvelopeAddress AddRecipient(ReadOnlySpan<byte> payload)
    {
        if (_count == _pool.Count)
        {
            _pool.Add(new EnvelopeAddress());
        }

        EnvelopeAddress recipient = _pool[_count++];
        recipient.Set(payload);
        Size += payload.Length;
        return recipient;
    }

    /// <summary>The message has ended.</summary>
    internal void Reset()
    {
        _live = false;
        _hasSender = false;
        _sender.Clear();
        int kept = 0, bytes = 0;
        for (int i = 0; i < _count; i++)
        {
            _pool[i].Clear();
            bytes += _pool[i].Kept;
            kept += bytes <= KeptBytes ? 1 : 0;
        }

        kept = kept == _count ? KeptRecipients : Math.Min(kept, KeptRecipients);
        _count = 0;
        Size = 0;
        if (_pool.Count > kept)
        {
            _pool.RemoveRange(kept, _pool.Count - kept);
            _pool.TrimExcess();
        }
    }

    private void ThrowIfLate() => Late.ThrowUnless(_live, nameof(MessageEnvelope), "the message ends");

    /// <summary>The part of the pool that is in use.</summary>
    private sealed class RecipientList(MessageEnvelope envelope) : IReadOnlyList<EnvelopeAddress>
    {
        public int Count
        {
            get
            {
                envelope.ThrowIfLate();
                return envelope._count;
            }
        }

        public EnvelopeAddress this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(index);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
                return envelope._pool[index];
            }
        }

        public IEnumerator<EnvelopeAddress> GetEnumerator()
        {
            for (int i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
