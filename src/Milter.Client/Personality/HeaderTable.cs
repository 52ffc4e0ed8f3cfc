namespace Milter.Client;

/// <summary>A message's header in an MTA's hands: who counts what, and where things go.</summary>
internal abstract class HeaderTable
{
    public abstract void Add(MailHeader header);

    public abstract void Insert(long index, MailHeader header);

    public abstract void Change(long index, MailHeader header, bool deletes);

    public abstract IEnumerable<MailHeader> ToHeaders();

    /// <summary>Gives every line of a value after the first its white space.</summary>
    protected static MailHeader Folded(MailHeader header, char blank)
    {
        string[] lines = header.RawValue.Split('\n');
        for (int i = 1; i < lines.Length; i++)
        {
            lines[i] = lines[i] is [' ' or '\t', ..] ? lines[i] : blank + lines[i];
        }

        return MailHeader.Verbatim(header.Name, string.Join('\n', lines));
    }
}

/// <summary>Postfix: positions in the header as it will be delivered; a deleted field is gone at once, and later ones move up.</summary>
internal sealed class PostfixHeaders : HeaderTable
{
    private readonly List<MailHeader> _fields = [];
    private readonly MailHeader? _own;

    public PostfixHeaders(MailTransaction transaction)
    {
        _own = transaction.Received;
        if (_own is not null)
        {
            _fields.Add(_own);
        }

        _fields.AddRange(transaction.Content.Headers.Where(MtaPersonality.Postfix.ShowsHeader));
    }

    public override void Add(MailHeader header) => _fields.Add(Folded(header, '\t'));

    public override void Insert(long index, MailHeader header) => _fields.Insert((int)Math.Min(index, _fields.Count), Folded(header, '\t'));

    public override void Change(long index, MailHeader header, bool deletes)
    {
        long left = Math.Max(index, 1);
        int at = _fields.FindIndex(field => !ReferenceEquals(field, _own) && field.Is(header.Name) && --left == 0);
        if (at < 0)
        {
            if (!deletes)
            {
                Add(header);
            }
        }
        else if (deletes)
        {
            _fields.RemoveAt(at);
        }
        else
        {
            _fields[at] = Folded(header, '\t');
        }
    }

    public override IEnumerable<MailHeader> ToHeaders() => _fields;
}

/// <summary>Sendmail: the list begins with the fields of its configuration, hidden where the client has brought its own; deleted fields keep their number.</summary>
internal sealed class SendmailHeaders : HeaderTable
{
    // The order of cf/m4/proto.m4.
    private static readonly string[] s_defaults =
        ["Return-Path", "Received", "Resent-Date", "Date", "Resent-From", "From", "Full-Name", "Resent-Message-Id", "Message-Id"];

    // Fields for mailers of some kinds; that of SMTP is none of them.
    private static readonly HashSet<string> s_hidden = new(StringComparer.OrdinalIgnoreCase) { "Return-Path", "Full-Name", "Content-Length" };

    private static readonly HashSet<string> s_resent = new(StringComparer.OrdinalIgnoreCase)
    {
        "Resent-Sender", "Resent-From", "Resent-Reply-To", "Resent-To", "Resent-Cc", "Resent-Bcc", "Resent-Message-Id", "Resent-Date",
    };

    private static readonly HashSet<string> s_blind = new(StringComparer.OrdinalIgnoreCase) { "Bcc", "Resent-Bcc" };

    private readonly List<Slot> _slots = [];
    private readonly bool _isResent;

    public SendmailHeaders(MailTransaction transaction)
    {
        _isResent = transaction.Content.Headers.Any(header => s_resent.Contains(header.Name));
        foreach (string name in s_defaults)
        {
            bool isTrace = name == "Received";
            _slots.Add(new Slot(name) { Raw = isTrace ? transaction.Received?.RawValue : null, IsTrace = isTrace });
        }

        foreach (MailHeader header in transaction.Content.Headers)
        {
            _slots.Add(new Slot(header.Name) { Raw = header.RawValue, IsUser = true, IsClients = true });
        }
    }

    public override void Add(MailHeader header)
    {
        MailHeader folded = Folded(header, ' ');
        if (_slots.Find(slot => slot.Is(header.Name) && !slot.IsUser && !slot.IsTrace) is { } own)
        {
            // A field that it would add itself takes the value, and stays where it is.
            own.Raw = folded.RawValue;
            return;
        }

        int first = _slots.FindIndex(slot => slot.Is(header.Name));
        _slots.Insert(first < 0 ? _slots.Count : first, new Slot(header.Name) { Raw = folded.RawValue, IsUser = true });
    }

    public override void Insert(long index, MailHeader header) =>
        _slots.Insert((int)Math.Min(index + 1, _slots.Count), new Slot(header.Name) { Raw = Folded(header, ' ').RawValue, IsUser = true });

    public override void Change(long index, MailHeader header, bool deletes)
    {
        long left = Math.Max(index, 1);
        Slot? found = _slots.Find(slot => slot.Is(header.Name) && slot.IsUser && --left == 0)
            ?? _slots.FindLast(slot => slot.Is(header.Name) && !slot.IsUser && !slot.IsTrace);
        if (found is null)
        {
            if (!deletes)
            {
                Add(header);
            }

            return;
        }

        found.Raw = deletes ? null : Folded(header, ' ').RawValue;
        found.IsUser |= !deletes;
    }

    public override IEnumerable<MailHeader> ToHeaders() =>
        _slots.Where(slot => slot.Raw is not null && !s_hidden.Contains(slot.Name) && (_isResent || !s_resent.Contains(slot.Name)) && !(slot.IsClients && s_blind.Contains(slot.Name)))
            .Select(slot => MailHeader.Verbatim(slot.Name, s_blind.Contains(slot.Name) ? "" : slot.Raw!));

    private sealed class Slot(string name)
    {
        public string Name { get; } = name;

        public string? Raw { get; set; }

        public bool IsUser { get; set; }

        public bool IsTrace { get; init; }

        public bool IsClients { get; init; }

        public bool Is(string other) => Name.Equals(other, StringComparison.OrdinalIgnoreCase);
    }
}
