[Milter]
partial class Filter
{
    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        string[] blocked = {|MILTER125:File.ReadAllLines("/etc/filter/blocked")|};
        return Array.Exists(blocked, line => line.Equals(from.Domain, StringComparison.OrdinalIgnoreCase)) ? Verdict.Reject() : Verdict.Continue;
    }
}
