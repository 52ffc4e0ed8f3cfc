using System.Linq;

[Milter]
partial class Filter
{
    private static readonly Verdict s_long = {|MILTER085:Verdict.Reject(550, "5.7.1", Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line, Line)|};
    private const string Ten = "0123456789";
    private const string Hundred = Ten + Ten + Ten + Ten + Ten + Ten + Ten + Ten + Ten + Ten;
    private const string Line = Hundred + Hundred + Hundred + Hundred + Hundred + Hundred + Hundred + Hundred + Hundred;

    [OnMail] Verdict From(EnvelopeAddress from) => from.IsNull ? s_long : Verdict.Continue;
}
