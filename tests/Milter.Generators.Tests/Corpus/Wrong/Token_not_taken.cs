[Milter]
partial class Filter
{
    [OnEom]
    async Task<Verdict> End([FromServices] Stream log, MessageBody body)
    {
        await {|MILTER189:{|MILTER122:body.CopyToAsync(log)|}|};
        await {|MILTER122:log.FlushAsync()|};
        return Verdict.Continue;
    }
}
