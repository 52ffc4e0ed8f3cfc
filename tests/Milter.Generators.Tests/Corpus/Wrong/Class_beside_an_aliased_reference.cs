// with compiler errors; project: aliased
[Milter]
partial class {|MILTER010:Filter|}
{
    [OnMail] Verdict From(string sender) => sender == "<spam@example.org>" ? Verdict.Reject() : Verdict.Continue;
}
