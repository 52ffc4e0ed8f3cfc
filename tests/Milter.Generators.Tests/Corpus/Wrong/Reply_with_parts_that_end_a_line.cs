[Milter]
partial class Filter
{
    private const string Head = "No.\r\n";

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        string text = "Not you.\nNor yours.";
        return from.Domain.Length switch
        {
            0 => Verdict.Reject(550, "5.7.1", {|MILTER085:text|}),
            1 => Verdict.Reject(550, "5.7.1", string.Format({|MILTER085:"{0} is\r\nnot welcome"|}, from.Domain)),
            2 => Verdict.TempFail(451, "4.7.1", $"{from.Domain}:{{|MILTER085:Environment.NewLine|}}later"),
            3 => Verdict.Reject(550, "5.7.1", {|MILTER085:Head|} + from.Domain),
            4 => Verdict.Reject(550, "5.7.1", string.Join({|MILTER085:"\n"|}, from.Domain, from.LocalPart)),
            5 => Verdict.Reject(550, "5.7.1", from.Domain + {|MILTER085:Environment.NewLine|} + "no"),
            _ => Verdict.Continue,
        };
    }
}
