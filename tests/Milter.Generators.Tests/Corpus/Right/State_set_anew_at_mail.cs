// libmilter's idiom: everything set anew at MAIL, a helper at the message's end, a counter of the session
//> EOM: InsertHeader X-Seen|alice@example.org 2 3 1 False
//> EOM: InsertHeader X-Seen|alice@example.org 1 2 2 False
[Milter]
public sealed partial class Filter
{
    private static readonly SemaphoreSlim s_gate = new(1);
    private static int s_messages;
    private readonly List<string> _recipients = [];
    private string? _sender;
    private bool _isBulk;
    private int _fields;
    [PerSession] private int _ofSession;

    [OnMail]
    async Task From(EnvelopeAddress from, CancellationToken cancellationToken)
    {
        _sender = from.Address;
        _recipients.Clear();
        Begin();
        _ofSession++;
        await s_gate.WaitAsync(cancellationToken);
        try
        {
            s_messages++;
        }
        finally
        {
            s_gate.Release();
        }
    }

    [OnRcpt] void To(EnvelopeAddress to) => _recipients.Add(to.Address);

    [OnHeader]
    void Header(HeaderField field)
    {
        _fields++;
        _isBulk |= field.Is("Precedence");
    }

    [OnEom]
    Verdict End(HeaderEditor headers)
    {
        headers.Append("X-Seen", $"{_sender} {_recipients.Count} {_fields} {_ofSession} {_isBulk}");
        return Verdict.Continue;
    }

    [OnMessageEnd] void Over() => Forget();

    private void Begin() => _isBulk = false;

    private void Forget() => _fields = 0;
}
