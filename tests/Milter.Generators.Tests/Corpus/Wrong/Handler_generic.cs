[Milter]
partial class Filter
{
    [OnMail] Verdict {|MILTER020:Mail|}<T>(T sender) => default;
    [OnEom] void End() { }
}
