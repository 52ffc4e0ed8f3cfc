using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Tells who has logged in, and of which certificate it knows.</summary>
[Milter]
public sealed partial class FactsFilter(Journal journal)
{
    [OnMail]
    private Verdict Mail(Authentication? login, TlsInfo? tls)
    {
        journal.Add($"login {login?.Identity} author {login?.Author}");
        journal.Add($"certificate {tls?.CertSubject}");
        journal.Add($"trusted {tls?.IsTrusted}");
        return Verdict.Continue;
    }
}
