interface IPolicy { Verdict Check(EnvelopeAddress from); Task<Verdict> CheckAsync(EnvelopeAddress to, CancellationToken ct); }

[Milter]
partial class Filter(IPolicy policy, IPolicy? other = null)
{
    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        {|MILTER089:policy.Check(from)|};
        {|MILTER089:other?.Check(from)|};
        return from.IsNull ? Verdict.Reject() : Verdict.Continue;
    }

    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        {|MILTER089:await policy.CheckAsync(to, ct)|};
        try
        {
            {|MILTER089:await policy.CheckAsync(to, ct).ConfigureAwait(false)|};
        }
        finally
        {
            Console.WriteLine(to.Address);
        }

        return to.Domain.Length == 0 ? Verdict.Reject() : Verdict.Continue;
    }
}
