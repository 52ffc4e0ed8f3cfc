[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(MessageHeaders headers, MessageActions actions)
    {
        if (headers.Contains("X-Virus"))
        {
            actions.Quarantine("virus"u8);
            return {|MILTER185:Verdict.Discard|};
        }

        return Verdict.Continue;
    }
}
