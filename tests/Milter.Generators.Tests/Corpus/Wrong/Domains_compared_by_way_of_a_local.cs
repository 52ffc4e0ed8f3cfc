[Milter]
partial class Filter
{
    private static readonly Dictionary<string, string> s_routes = new() { ["example.org"] = "a", ["example.net"] = "b" };

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        string domain = to.Domain;
        var whole = to.Address;
        if ({|MILTER169:domain == "example.org"|} || {|MILTER169:whole.EndsWith("@example.net", StringComparison.Ordinal)|})
        {
            return Verdict.Continue;
        }

        return {|MILTER169:s_routes.ContainsKey(domain)|} || {|MILTER169:s_routes.TryGetValue(to.Domain, out _)|} ? Verdict.Continue : Verdict.Reject();
    }

    [OnMail]
    Verdict From(EnvelopeAddress from) => from.Domain switch
    {
        {|MILTER169:"example.com"|} => Verdict.Reject(),
        _ when {|MILTER169:from.Address == "news@example.com"|} => Verdict.Discard,
        _ => Verdict.Continue,
    };
}
