// project: C# 10
[Milter]
partial class {|MILTER008:Filter|}
{
    [OnMail] Verdict From(string sender) => sender == "<spam@example.org>" ? Verdict.Reject() : Verdict.Continue;
}
