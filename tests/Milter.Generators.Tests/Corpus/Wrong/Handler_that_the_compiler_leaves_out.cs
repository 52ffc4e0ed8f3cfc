[Milter]
partial class Filter
{
    [{|MILTER025:OnMail|}] partial void Hook(string from);

    [{|MILTER025:OnRcpt|}]
    [System.Diagnostics.Conditional("CHECK_RECIPIENTS")]
    void To(EnvelopeAddress to) => throw new InvalidOperationException(to.Address);

    [OnEom] Verdict End() => Verdict.Accept;
}
