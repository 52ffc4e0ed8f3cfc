// names and domains, compared as they should be
using System.Collections.Frozen;
using System.Linq;

[Milter]
partial class Filter
{
    private static readonly FrozenSet<string> s_domains = new[] { "spam.test" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, int> s_weights = new(StringComparer.OrdinalIgnoreCase) { ["spam.test"] = 1 };
    private static readonly HashSet<string> s_names = ["x-spam", "x-virus"];
    [PerMessage] private int _hits;

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        string domain = from.Domain.ToLowerInvariant();
        bool bad = domain == "bad.test"
            || from.Domain.Equals("worse.test", StringComparison.OrdinalIgnoreCase)
            || s_domains.Contains(from.Domain)
            || s_weights.ContainsKey(from.Domain)
            || from.Address.EndsWith("@worst.test", StringComparison.OrdinalIgnoreCase)
            || from.Is("news@bulk.test")
            || string.Equals(from.Domain, "odd.test", StringComparison.OrdinalIgnoreCase)
            || from.Domain is "" or [.., '.']
            || from.LocalPart is "root" or "daemon"
            || from.Domain.Contains("--")
            || from.Address.StartsWith("srs0=", StringComparison.OrdinalIgnoreCase)
            || from.LocalPart.Contains('+');
        return bad && !from.IsNull ? Verdict.Reject() : Verdict.Continue;
    }

    [OnHeader]
    void Field(HeaderField field)
    {
        string name = field.NameText.ToLowerInvariant();
        _hits += s_names.Contains(name) || field.Is("X-Bad") || field.NameText.StartsWith("X-Spam-", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        switch (name)
        {
            case "x-score":
                _hits++;
                break;
        }
    }

    [OnEom]
    Verdict End(MessageHeaders headers)
    {
        bool known = new[] { "a", "b" }.Any(word => headers["Subject"]?.Contains(word, StringComparison.Ordinal) == true);
        return _hits > 10 && known ? Verdict.Reject() : Verdict.Continue;
    }
}
