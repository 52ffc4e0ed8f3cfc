[Milter]
partial class Filter
{
    [OnMail] Verdict {|MILTER020:Mail|}<T>(T sender) => Verdict.Continue;
    [OnEom] void End() { }
}
