interface IGreylist { bool IsKnown(string address); }

[Milter]
partial class Filter
{
    [OnRcpt] Verdict To(EnvelopeAddress to, IGreylist {|MILTER040:list|}) => list.IsKnown(to.Address) ? Verdict.Continue : Verdict.TempFail();

    [OnConnect] Verdict Connect(IPAddress? {|MILTER040:client|}) => client is null ? Verdict.TempFail() : Verdict.Continue;

    [OnEom] Verdict End(string {|MILTER040:subject|}) => subject.Length > 100 ? Verdict.Reject() : Verdict.Continue;
}
