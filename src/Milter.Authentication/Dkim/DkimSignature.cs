using System.Globalization;

namespace Milter.Auth;

/// <summary>A field DKIM-Signature, or one of ARC that is made like it, read (RFC 6376 section 3.5).</summary>
internal sealed class DkimSignature
{
    private const string AnyIdentity = "@";

    public string Domain { get; private set; } = "";

    public string Selector { get; private set; } = "";

    public string Algorithm { get; private set; } = "";

    /// <summary>Gets the identity that the signer names (<c>i=</c>).</summary>
    public string Identity { get; private set; } = "";

    public Canonicalization HeaderForm { get; private set; }

    public Canonicalization BodyForm { get; private set; }

    public byte[] BodyHash { get; private set; } = [];

    public byte[] Signature { get; private set; } = [];

    public IReadOnlyList<string> Fields { get; private set; } = [];

    public long? BodyLength { get; private set; }

    public DateTimeOffset? Signed { get; private set; }

    public DateTimeOffset? Expires { get; private set; }

    public bool IsEd25519 => Algorithm == "ed25519-sha256";

    /// <summary>Reads a signature.</summary>
    /// <param name="value">The value of the field.</param>
    /// <param name="isArc">Whether it is an ARC-Message-Signature, whose <c>i=</c> is its instance, and which has no version.</param>
    /// <param name="signature">What was read, as far as it could be.</param>
    /// <returns>The result that is clear already, with why; <see langword="null"/> where the signature can be verified.</returns>
    public static (AuthResult Result, string Reason)? Parse(string value, bool isArc, out DkimSignature signature)
    {
        signature = new DkimSignature();
        if (TagList.Parse(value, out TagList tags) is { } problem)
        {
            return (AuthResult.Neutral, $"the signature can't be read: {problem}");
        }

        signature.Domain = tags["d"] ?? "";
        signature.Selector = tags["s"] ?? "";
        signature.Algorithm = (tags["a"] ?? "").ToLowerInvariant();
        signature.Identity = isArc ? AnyIdentity + signature.Domain : tags["i"] ?? AnyIdentity + signature.Domain;
        string? missing = Array.Find<string>(isArc ? ["a", "b", "bh", "d", "h", "s"] : ["v", "a", "b", "bh", "d", "h", "s"], tag => tags[tag] is not { Length: > 0 });
        return missing is not null ? (AuthResult.Neutral, $"the signature has no {missing}=")
            : !isArc && tags["v"] != "1" ? (AuthResult.Neutral, "the signature is of another version")
            : signature.Read(tags) is { } wrong ? (AuthResult.Neutral, wrong)
            : signature.Judge(isArc);
    }

    /// <summary>Reads an ARC-Seal, which has no body, no canonicalization and no list of fields.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> for nothing.</returns>
    public static string? ParseSeal(TagList tags, out DkimSignature seal)
    {
        seal = new DkimSignature { Domain = tags["d"] ?? "", Selector = tags["s"] ?? "", Algorithm = (tags["a"] ?? "").ToLowerInvariant() };
        seal.Identity = AnyIdentity + seal.Domain;
        bool isSigned = Base64Text.TryDecode(tags["b"], out byte[] signature);
        seal.Signature = signature;
        return !isSigned ? "it has no signature (b=)"
            : tags["h"] is not null ? "it has a list of fields (h=)"
            : seal.Algorithm is not ("rsa-sha256" or "ed25519-sha256") ? $"it is made by {seal.Algorithm}, which is not taken (a=)"
            : DnsNames.Domain(seal.Domain) is null || DnsNames.Normal(seal.Selector) is null ? "it names no domain and selector that could have a key (d=, s=)"
            : null;
    }

    /// <summary>Says whether the identity is the signing domain's own or, unless the key forbids it, a subdomain's.</summary>
    public bool IsIdentityWithin(bool isStrict) =>
        DnsNames.Normal(Identity[(Identity.LastIndexOf('@') + 1)..]) is { } identity
        && DnsNames.Normal(Domain) is { } domain
        && (isStrict ? identity == domain : DnsNames.IsWithin(identity, domain));

    private string? Read(TagList tags)
    {
        if (!Base64Text.TryDecode(tags["b"], out byte[] signature) || !Base64Text.TryDecode(tags["bh"], out byte[] hash))
        {
            return "the signature is no base64 (b=, bh=)";
        }

        Signature = signature;
        BodyHash = hash;
        Fields = [.. tags["h"]!.Split(':').Select(static one => one.Trim())];
        string[] forms = (tags["c"] ?? "simple").Split('/');
        if (forms.Length > 2 || !TryForm(forms[0], out Canonicalization header) || !TryForm(forms.ElementAtOrDefault(1) ?? "simple", out Canonicalization body))
        {
            return "the signature has a canonicalization that is not known (c=)";
        }

        (HeaderForm, BodyForm) = (header, body);
        if (tags["l"] is { } length)
        {
            if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
            {
                return "the length of the body is no number (l=)";
            }

            BodyLength = bytes;
        }

        if (!TryTime(tags["t"], out DateTimeOffset? signed) || !TryTime(tags["x"], out DateTimeOffset? expires))
        {
            return "a time is no number (t=, x=)";
        }

        (Signed, Expires) = (signed, expires);
        return expires < signed ? "the signature ends before it was made (t=, x=)"
            : tags["q"] is { } query && !query.Split(':').Any(static one => one.Trim() == "dns/txt") ? "the key is not to be had from the DNS (q=)"
            : DnsNames.Domain(Domain) is null || DnsNames.Normal(Selector) is null ? "the signature names no domain and selector that could have a key (d=, s=)"
            : null;
    }

    private (AuthResult Result, string Reason)? Judge(bool isArc) =>
        Algorithm == "rsa-sha1" ? (AuthResult.PermError, "the signature is made with SHA-1, which is not taken (RFC 8301)")
        : Algorithm is not ("rsa-sha256" or "ed25519-sha256") ? (AuthResult.Neutral, $"the signature is made by {Algorithm}, which is not known")
        : !Fields.Contains("from", StringComparer.OrdinalIgnoreCase) && !isArc ? (AuthResult.PermError, "the signature leaves out From")
        : !IsIdentityWithin(isStrict: false) ? (AuthResult.PermError, "the identity is not of the signing domain (i=)")
        : null;

    private static bool TryForm(string text, out Canonicalization form)
    {
        form = text.Trim() == "relaxed" ? Canonicalization.Relaxed : Canonicalization.Simple;
        return text.Trim() is "simple" or "relaxed";
    }

    private static bool TryTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null)
        {
            return true;
        }

        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds);
        time = isNumber ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds())) : null;
        return isNumber;
    }
}
