[Milter]
partial class Filter
{
    [OnEoh]
    Verdict Eoh(MessageHeaders headers)
    {
        string? subject = headers[{|MILTER086:"Subject:"|}];
        return subject is null || headers.Contains({|MILTER086:"X Spam"|}) || headers.CountOf({|MILTER086:""|}) > 1 ? Verdict.Reject() : Verdict.Continue;
    }
}
