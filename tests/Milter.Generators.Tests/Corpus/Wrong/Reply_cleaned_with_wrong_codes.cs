[Milter]
partial class Filter
{
    [OnRcpt]
    Verdict To(EnvelopeAddress to) => to.Domain.Length switch
    {
        0 => Verdict.RejectCleaned({|MILTER083:450|}, "4.7.1", to.Address),
        1 => Verdict.TempFailCleaned({|MILTER083:550|}, "5.7.1", to.Address),
        2 => Verdict.RejectCleaned(550, {|MILTER084:"4.7.1"|}, to.Address),
        3 => Verdict.TempFailCleaned({|MILTER097:421|}, "4.7.0", to.Address),
        _ => Verdict.Continue,
    };
}
