using Milter.Protocol;

namespace Milter.Client;

/// <summary>Does to a copy of a message what a filter has asked for.</summary>
internal sealed class TransactionEditor
{
    private readonly MtaPersonality _mta;
    private readonly MailTransaction _result;
    private readonly HeaderTable _headers;
    private readonly List<MailPath> _recipients = [];
    private readonly List<MailPath> _added = [];
    private List<byte>? _body;

    public TransactionEditor(MailTransaction original, MtaPersonality mta)
    {
        _mta = mta;
        _result = original.Clone();
        _headers = mta.NewHeaders(original);
        foreach (MailPath recipient in original.Recipients.Where(recipient => !Has(_recipients, recipient)))
        {
            _recipients.Add(recipient);
        }
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
                Add(modification.Path!);
                break;
            case MilterReply.DeleteRecipient:
                _recipients.RemoveAll(recipient => _mta.Finds(modification.Path!, recipient));
                _added.RemoveAll(recipient => _mta.Finds(modification.Path!, recipient));
                break;
            case MilterReply.ChangeSender:
                _result.Sender = new MailPath(modification.Path!.Text, _mta.ChangeArguments(_result.Sender.Arguments, modification.Path.Arguments));
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
        _result.Recipients.Clear();
        foreach (MailPath recipient in _recipients.Concat(_added))
        {
            string kept = _mta.Kept(recipient);
            _result.Recipients.Add(kept == recipient.Text ? recipient : new MailPath(kept, recipient.Arguments));
        }

        return _result;
    }

    private void Add(MailPath recipient)
    {
        if (!Has(_added, recipient) && !(_mta.AddsOnlyNewRecipients && Has(_recipients, recipient)))
        {
            _added.Add(recipient);
        }
    }

    private bool Has(List<MailPath> recipients, MailPath recipient) => recipients.Exists(other => _mta.IsDuplicate(other, recipient));
}
