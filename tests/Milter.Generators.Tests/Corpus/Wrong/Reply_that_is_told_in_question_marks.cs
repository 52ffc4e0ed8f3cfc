[Milter]
partial class Filter
{
    private static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", {|MILTER197:"Unerwünscht"|});

    [OnMail]
    Verdict From(EnvelopeAddress from) => from.IsNull ? s_no : from.Domain.Length > 80 ? Verdict.TempFail(451, "4.7.1", $"{|MILTER197:Später, |}{from.Domain}") : Verdict.Continue;
}
