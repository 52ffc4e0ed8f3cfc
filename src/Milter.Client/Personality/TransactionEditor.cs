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
        switch (modification)
        {
            case HeaderAdded added:
                _headers.Add(added.Header);
                break;
            case HeaderInserted inserted:
                _headers.Insert(inserted.Index, inserted.Header);
                break;
            case HeaderChanged changed:
                _headers.Change(changed.Index, changed.Header, deletes: false);
                break;
            case HeaderRemoved removed:
                _headers.Change(removed.Index, MailHeader.Verbatim(removed.Name, ""), deletes: true);
                break;
            case RecipientAdded added:
                Add(added.Path);
                break;
            case RecipientRemoved removed:
                _recipients.RemoveAll(recipient => _mta.Finds(removed.Path, recipient));
                _added.RemoveAll(recipient => _mta.Finds(removed.Path, recipient));
                break;
            case SenderChanged changed:
                _result.Sender = new MailPath(changed.Path.Text, _mta.ChangeArguments(_result.Sender.Arguments, changed.Path.Arguments));
                break;
            case BodyReplaced replaced:
                (_body ??= []).AddRange(replaced.Body.Span);
                break;
            case MessageQuarantined quarantined:
                _result.QuarantineReason = quarantined.Reason;
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
