[Milter]
partial class Filter
{
    [PerSession] private MessageHeaders? _before;
    [PerSession] private MessageBody? _body;

    [OnEom]
    Verdict End(MessageHeaders headers, MessageBody body)
    {
        MessageHeaders? before = Interlocked.Exchange(ref _before, {|MILTER121:headers|});
        Volatile.Write(ref _body, {|MILTER121:body|});
        return before is null ? Verdict.Continue : Verdict.TempFail();
    }
}
