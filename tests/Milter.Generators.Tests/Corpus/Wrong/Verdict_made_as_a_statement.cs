[Milter]
partial class Filter
{
    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        if (from.Domain.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase))
        {
            {|MILTER089:Verdict.Reject(550, "5.1.8", "No domain " + from.Domain.Length)|};
        }

        return Verdict.Continue;
    }
}
