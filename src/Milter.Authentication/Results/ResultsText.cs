using System.Text;

namespace Milter.Auth;

/// <summary>Names and addresses as Authentication-Results has them.</summary>
internal static class ResultsText
{
    public const string FieldName = "Authentication-Results";

    /// <summary>Gives a domain in ASCII; empty where it has no such form.</summary>
    public static string Domain(string domain) => Ascii.IsValid(domain) ? domain : DnsNames.Normal(domain) ?? "";

    /// <summary>Gives an address in ASCII; the domain alone where the local part has other letters (RFC 8601 allows either).</summary>
    public static string Address(string address)
    {
        int at = address.LastIndexOf('@');
        string domain = Domain(address[(at + 1)..]);
        return at > 0 && Ascii.IsValid(address.AsSpan(0, at)) ? $"{address[..at]}@{domain}" : domain;
    }
}
