using System.Runtime.CompilerServices;

[Milter]
partial class Filter
{
    [OnMail] Verdict {|MILTER028:From|}(string sender) => From((object)sender);

    [OverloadResolutionPriority(1)]
    Verdict From(object sender) => sender is "<spam@example.org>" ? Verdict.Reject() : Verdict.Continue;
}
