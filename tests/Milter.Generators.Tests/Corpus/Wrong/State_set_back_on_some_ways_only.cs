[Milter]
partial class Filter
{
    private int _count;
    private bool _isBulk;
    private string? _sender;

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        switch (from.Domain.Length)
        {
            case 0:
                _count = 0;
                break;
            case > 60:
                return Verdict.Reject();
            default:
                Console.WriteLine(_count);
                break;
        }

        try
        {
            {|MILTER110:_sender|} = from.LocalPart.Substring(3);
        }
        catch (ArgumentOutOfRangeException)
        {
            Console.WriteLine("short");
        }

        return Verdict.Continue;
    }

    [OnRcpt] void To() => {|MILTER110:_count|}++;

    [OnHeader("Precedence")] void Bulk(string value) => {|MILTER110:_isBulk|} = true;

    [OnEom] Verdict End() { bool bad = _isBulk && _count > 3 && _sender is not null; _isBulk = false; return bad ? Verdict.Reject() : Verdict.Continue; }
}
