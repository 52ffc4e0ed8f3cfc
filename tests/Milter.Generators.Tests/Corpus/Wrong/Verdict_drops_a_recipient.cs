[Milter]
partial class Filter
{
    [OnRcpt]
    async ValueTask<Verdict> To(EnvelopeAddress recipient)
    {
        await Task.Yield();
        return recipient.LocalPart == "nobody" ? {|MILTER082:Verdict.Discard|} : Verdict.Continue;
    }
}
