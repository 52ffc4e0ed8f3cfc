namespace Milter.Policy;

/// <summary>The keys under which an address is looked for, in Sendmail's order: the address, its user at any domain, its domain, the domains above.</summary>
internal static class MailKeys
{
    /// <summary>Gives the keys. A local part with a detail (<c>joe+lists</c>) is looked for with it and without.</summary>
    /// <param name="address">An address without brackets.</param>
    /// <returns>The keys, the most precise first, in lower case.</returns>
    public static IEnumerable<string> Of(string address)
    {
        string lower = address.ToLowerInvariant().TrimEnd('.');
        int at = lower.LastIndexOf('@');
        if (at < 0)
        {
            yield return lower + "@";
            yield break;
        }

        string user = lower[..at];
        string domain = lower[(at + 1)..];
        int plus = user.IndexOf('+', StringComparison.Ordinal);
        yield return lower;
        if (plus > 0)
        {
            yield return $"{user[..plus]}@{domain}";
        }

        yield return user + "@";
        if (plus > 0)
        {
            yield return user[..plus] + "@";
        }

        foreach (string above in Domains(domain))
        {
            yield return above;
        }
    }

    /// <summary>Gives a domain and those above it.</summary>
    public static IEnumerable<string> Domains(string domain)
    {
        string rest = domain.ToLowerInvariant().TrimEnd('.');
        while (rest.Length > 0)
        {
            yield return rest;
            int dot = rest[0] == '[' ? -1 : rest.IndexOf('.', StringComparison.Ordinal);
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }
    }
}
