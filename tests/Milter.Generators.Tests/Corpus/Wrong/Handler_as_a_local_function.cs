[Milter]
partial class Filter
{
    [OnMail]
    void From(EnvelopeAddress from)
    {
        var seen = new List<string>();
        Func<string, Verdict> judge = [{|MILTER025:OnRcpt|}] (string to) => Verdict.Reject();
        _ = judge(from.Address);
        To("x");

        [{|MILTER025:OnRcpt|}]
        void To(string recipient) => seen.Add(recipient);
    }
}
