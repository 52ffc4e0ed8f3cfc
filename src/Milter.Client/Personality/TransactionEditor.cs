using Milter.Protocol;

namespace Milter.Client;

/// <summary>Does to a copy of a message what a filter has asked for.</summary>
internal sealed class TransactionEditor
{
    private readonly MtaPersonality _mta;
    private readonly MailTransaction _result;
    private readonly HeaderTable _headers;
    private List<byte>? _body;

    public TransactionEditor(MailTransaction original, MtaPersonality mta)
    {
        _mta = mta;
        _result = original.Clone();
        _headers = mta.NewHeaders(original);
    }

    public void Apply(MilterModification modification)
    {
        switch (modification.Action)
        {
            case MilterReply.AddHeader:
                _headers.Add(modification.Header!);
                break;
            case MilterReply.InsertHeader:
                _headers.Insert(modification.Index, modification.Header!);
                break;
            case MilterReply.ChangeHeader:
                _headers.Change(modification.Index, modification.Header!, modification.Deletes);
                break;
            case MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments:
                if (Find(modification.Path!) < 0)
                {
                    _result.Recipients.Add(modification.Path!);
                }

                break;
            case MilterReply.DeleteRecipient:
                while (Find(modification.Path!) is >= 0 and var at)
                {
                    _result.Recipients.RemoveAt(at);
                }

                break;
            case MilterReply.ChangeSender:
                _result.Sender = modification.Path!;
                break;
            case MilterReply.ReplaceBody:
                (_body ??= []).AddRange(modification.Body.Span);
                break;
            case MilterReply.Quarantine:
                _result.QuarantineReason = modification.Reason;
                break;
        }
    }

    public MailTransaction Complete()
    {
        ReadOnlyMemory<byte> body = _body is null ? _result.Content.Body : MailContent.WithNetworkLines(_body.ToArray());
        _result.Content = new MailContent(_headers.ToHeaders(), body);
        _result.Received = null;
        return _result;
    }

    private int Find(MailPath path)
    {
        for (int i = 0; i < _result.Recipients.Count; i++)
        {
            if (_mta.IsSameRecipient(_result.Recipients[i].Address, path.Address))
            {
                return i;
            }
        }

        return -1;
    }
}
