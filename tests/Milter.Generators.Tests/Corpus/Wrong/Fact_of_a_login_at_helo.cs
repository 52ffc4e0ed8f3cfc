[Milter]
partial class Filter
{
    [OnHelo] Verdict Helo(string name, Authentication? {|MILTER107:login|}) => name == "localhost" && login is null ? Verdict.Reject() : Verdict.Continue;
}
