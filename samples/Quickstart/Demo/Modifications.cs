using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>Applies what a filter sends at end of message, in the way of Postfix.</summary>
/// <param name="message">The message that is changed.</param>
/// <param name="keepsSpace">Whether values carry their leading space (<see cref="ProtocolSteps.HeaderLeadingSpace"/>).</param>
internal sealed class Modifications(MailMessage message, bool keepsSpace)
{
    private readonly MemoryStream _body = new();
    private MilterReply? _previous;
    private bool _replacesBody;

    /// <summary>How many there were; the chunks of one new body count as one.</summary>
    public int Count { get; private set; }

    /// <summary>Applies one packet.</summary>
    /// <exception cref="ProtocolException">It is no modification, or one that Postfix would refuse.</exception>
    public void Apply(MilterReply reply, ReadOnlySpan<byte> payload)
    {
        if (reply != MilterReply.ReplaceBody || !_replacesBody)
        {
            Count++;
        }

        switch (reply)
        {
            case MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader:
                ApplyHeader(reply, payload);
                break;
            case MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender:
                ApplyEnvelope(reply, payload);
                break;
            case MilterReply.ReplaceBody:
                AddToBody(payload);
                break;
            case MilterReply.Quarantine:
                message.HoldReason = WireText.GetString(payload.TrimEnd((byte)0));
                break;
            default:
                throw new ProtocolException($"the filter sent '{(char)reply}', which is neither a modification nor a verdict");
        }

        _previous = reply;
    }

    /// <summary>To be called when the verdict is there: a new body is whole now.</summary>
    public void Complete()
    {
        if (!_replacesBody)
        {
            return;
        }

        byte[] body = _body.ToArray();
        message.Body = body.Length == 0 || body.AsSpan().EndsWith("\n"u8) ? body : [.. body, (byte)'\r', (byte)'\n'];
    }

    private void ApplyHeader(MilterReply reply, ReadOnlySpan<byte> payload)
    {
        if (!HeaderModification.TryRead(reply, payload, out HeaderModification change, out string? error))
        {
            throw new ProtocolException(error!);
        }

        string value = WireText.GetString(change.Value);
        var header = new MailHeader(WireText.GetString(change.Name), keepsSpace ? value : " " + value);
        switch (reply)
        {
            case MilterReply.AddHeader:
                message.Headers.Add(header);
                break;
            case MilterReply.InsertHeader:
                message.Headers.Insert((int)Math.Min(change.Index, (uint)message.Headers.Count), header);
                break;
            default:
                Change(Math.Max(change.Index, 1), header, deletes: value.Length == 0);
                break;
        }
    }

    /// <summary>Occurrences count from 1 and leave out what the MTA wrote itself. Where there is none, the field is added.</summary>
    private void Change(uint occurrence, MailHeader header, bool deletes)
    {
        uint seen = 0;
        int at = message.Headers.FindIndex(candidate => !candidate.IsOwn && candidate.Is(header.Name) && ++seen == occurrence);
        if (at >= 0 && deletes)
        {
            message.Headers.RemoveAt(at);
        }
        else if (at >= 0)
        {
            message.Headers[at] = header;
        }
        else if (!deletes)
        {
            message.Headers.Add(header);
        }
    }

    private void ApplyEnvelope(MilterReply reply, ReadOnlySpan<byte> payload)
    {
        if (!RecipientModification.TryRead(reply, payload, out RecipientModification change, out string? error))
        {
            throw new ProtocolException(error!);
        }

        string address = $"<{WireText.GetString(change.Address).TrimStart('<').TrimEnd('>')}>";
        switch (reply)
        {
            case MilterReply.ChangeSender:
                message.Sender = address;
                break;
            case MilterReply.DeleteRecipient:
                message.Recipients.Remove(address);
                break;
            default:
                if (!message.Recipients.Contains(address))
                {
                    message.Recipients.Add(address);
                }

                break;
        }
    }

    private void AddToBody(ReadOnlySpan<byte> chunk)
    {
        if (_replacesBody && _previous != MilterReply.ReplaceBody)
        {
            throw new ProtocolException("the chunks of the new body are not contiguous; Postfix gives up there");
        }

        _replacesBody = true;
        _body.Write(chunk);
    }
}
