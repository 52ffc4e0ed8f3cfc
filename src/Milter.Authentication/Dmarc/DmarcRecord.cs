namespace Milter.Auth;

/// <summary>A policy record (RFC 9989 section 4.7). Unknown tags, and tags with values that are not known, are as if they were not there.</summary>
internal sealed class DmarcRecord
{
    private DmarcRecord()
    {
    }

    public DmarcPolicy Policy { get; private init; }

    public DmarcPolicy SubdomainPolicy { get; private init; }

    public DmarcPolicy AbsentPolicy { get; private init; }

    public bool IsSpfStrict { get; private init; }

    public bool IsDkimStrict { get; private init; }

    public bool IsTesting { get; private init; }

    /// <summary>Gets whether the domain is one below which domains are given away (<c>psd=y</c>), is not (<c>psd=n</c>), or does not say.</summary>
    public bool? IsPublicSuffix { get; private init; }

    /// <summary>Reads a TXT record.</summary>
    /// <returns>The record; <see langword="null"/> where it is none that holds.</returns>
    public static DmarcRecord? Parse(string text)
    {
        Dictionary<string, string> tags = Read(text);
        if (!IsFirst(text) || !tags.ContainsKey("v"))
        {
            return null;
        }

        // A policy that is not understood counts as none if the owner at least wants to hear of it (section 4.7).
        DmarcPolicy? policy = Of(tags, "p");
        DmarcPolicy? subdomains = Of(tags, "sp");
        DmarcPolicy? absent = Of(tags, "np");
        bool isWrong = IsWrong(tags, "p", policy) || IsWrong(tags, "sp", subdomains) || IsWrong(tags, "np", absent);
        if (isWrong && !tags.GetValueOrDefault("rua", "").Split(',').Any(IsReportAddress))
        {
            return null;
        }

        DmarcPolicy own = isWrong ? DmarcPolicy.None : policy ?? DmarcPolicy.None;
        DmarcPolicy below = isWrong ? DmarcPolicy.None : subdomains ?? own;
        return new DmarcRecord
        {
            Policy = own,
            SubdomainPolicy = below,
            AbsentPolicy = isWrong ? DmarcPolicy.None : absent ?? below,
            IsSpfStrict = Is(tags, "aspf", "s"),
            IsDkimStrict = Is(tags, "adkim", "s"),
            IsTesting = Is(tags, "t", "y"),
            IsPublicSuffix = Is(tags, "psd", "y") ? true : Is(tags, "psd", "n") ? false : null,
        };
    }

    // "v=DMARC1" with white space around the equals sign, its value as it is (section 4.8).
    private static bool IsFirst(string text)
    {
        string first = text.Split(';')[0];
        int equals = first.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && first[..equals].Trim(' ', '\t') is "v" or "V" && first[(equals + 1)..].Trim(' ', '\t') == "DMARC1";
    }

    private static Dictionary<string, string> Read(string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split(';'))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                tags.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim());
            }
        }

        return tags;
    }

    private static bool Is(Dictionary<string, string> tags, string name, string value) => tags.GetValueOrDefault(name, "").Equals(value, StringComparison.OrdinalIgnoreCase);

    private static bool IsWrong(Dictionary<string, string> tags, string name, DmarcPolicy? read) => read is null && tags.ContainsKey(name);

    private static bool IsReportAddress(string uri) => Uri.TryCreate(uri.Trim().Split('!')[0], UriKind.Absolute, out Uri? parsed) && parsed.Scheme == Uri.UriSchemeMailto && parsed.OriginalString.Contains('@', StringComparison.Ordinal);

    private static DmarcPolicy? Of(Dictionary<string, string> tags, string name) => tags.GetValueOrDefault(name)?.ToLowerInvariant() switch
    {
        "none" => DmarcPolicy.None,
        "quarantine" => DmarcPolicy.Quarantine,
        "reject" => DmarcPolicy.Reject,
        _ => null,
    };
}
