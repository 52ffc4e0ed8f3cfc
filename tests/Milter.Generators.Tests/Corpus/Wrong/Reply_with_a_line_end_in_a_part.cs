[Milter]
partial class Filter
{
    [OnRcpt]
    Verdict To(EnvelopeAddress to) => to.LocalPart.Length > 64
        ? Verdict.Reject(550, "5.1.3", $"{to.LocalPart.Length}{|MILTER085: characters\r\nare too many|}")
        : Verdict.TempFail(451, "4.7.1", "Not yet, " + to.LocalPart.Length + {|MILTER085:"\n"|});
}
