[Milter]
partial class Filter
{
    [OnMail] Verdict Mail(EnvelopeAddress from) =>
        from.IsNull ? Verdict.Reject(550, {|MILTER084:"5.7.1 "|}, "No bounces") : Verdict.TempFail(450, {|MILTER084:"5.7.1"|}, "Hm");
}
