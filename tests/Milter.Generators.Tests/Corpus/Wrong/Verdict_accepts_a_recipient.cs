[Milter]
partial class Filter
{
    private readonly HashSet<string> _local = ["example.org"];

    [OnRcpt]
    Verdict To(EnvelopeAddress recipient)
    {
        if ({|MILTER169:_local.Contains(recipient.Domain ?? "")|})
        {
            return {|MILTER081:Verdict.Accept|};
        }

        return Verdict.Reject();
    }
}
