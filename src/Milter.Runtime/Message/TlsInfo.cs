using System.Globalization;
using Milter.Protocol;

namespace Milter;

/// <summary>What the MTA tells of the client's TLS session, from the macros <c>{tls_version}</c>, <c>{cipher}</c> and others.</summary>
/// <remarks>
/// A parameter <c>TlsInfo?</c> is <see langword="null"/> where the session is not encrypted or the MTA does not tell. Never changes and is valid for ever.
/// Postfix tells of a certificate only where it trusts it, and of that the common names. Sendmail tells of every certificate, trusted or not, and has whole names in xtext; here both are
/// the same: common names, and <see cref="IsTrusted"/>. <c>[Macro("{cert_subject}")]</c> has what was told.
/// </remarks>
public sealed class TlsInfo
{
    private const string CommonName = "/CN=";

    /// <summary>Makes it of the macros.</summary>
    /// <param name="version"><c>{tls_version}</c>.</param>
    /// <param name="cipher"><c>{cipher}</c>.</param>
    /// <param name="bits"><c>{cipher_bits}</c>.</param>
    /// <param name="certSubject"><c>{cert_subject}</c>.</param>
    /// <param name="certIssuer"><c>{cert_issuer}</c>.</param>
    /// <param name="verify"><c>{verify}</c>, which Sendmail alone has, and only where it is asked for.</param>
    internal TlsInfo(string version, string? cipher, string? bits, string? certSubject, string? certIssuer, string? verify = null)
    {
        Version = version;
        Cipher = cipher;
        Bits = int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        CertSubject = NameOf(certSubject, out bool isWhole);
        CertIssuer = NameOf(certIssuer, out _);
        IsTrusted = CertSubject is not null && (verify is null ? !isWhole : verify == "OK");
    }

    /// <summary>Gets the protocol version, such as <c>TLSv1.3</c> (<c>{tls_version}</c>).</summary>
    public string Version { get; }

    /// <summary>Gets the cipher suite, such as <c>TLS_AES_256_GCM_SHA384</c> (<c>{cipher}</c>); <see langword="null"/> where the MTA does not tell.</summary>
    public string? Cipher { get; }

    /// <summary>Gets the length of the cipher's key, in bits (<c>{cipher_bits}</c>); <see langword="null"/> where the MTA does not tell.</summary>
    public int? Bits { get; }

    /// <summary>Gets the common name (CN) of the client's certificate (<c>{cert_subject}</c>); <see langword="null"/> where it showed none, or Postfix does not trust it.</summary>
    /// <remarks>From Sendmail it may be anybody's word: look at <see cref="IsTrusted"/> first. A name without a CN is given whole.</remarks>
    public string? CertSubject { get; }

    /// <summary>Gets the common name (CN) of the issuer of the client's certificate (<c>{cert_issuer}</c>); <see langword="null"/> as with <see cref="CertSubject"/>.</summary>
    public string? CertIssuer { get; }

    /// <summary>Gets a value indicating whether the client showed a certificate and the MTA trusts it.</summary>
    /// <value>Postfix tells of no other. Of Sendmail only where it says so (<c>{verify}</c> is <c>OK</c>); where that was not told, not.</value>
    public bool IsTrusted { get; }

    /// <summary>Gives version and cipher, for logs.</summary>
    /// <returns>Such as <c>TLSv1.3 TLS_AES_256_GCM_SHA384</c>.</returns>
    public override string ToString() => Cipher is null ? Version : $"{Version} {Cipher}";

    // Sendmail: /C=DE/O=Example/CN=ann+20b
    private static string? NameOf(string? told, out bool isWhole)
    {
        isWhole = told is ['/', ..];
        if (string.IsNullOrEmpty(told) || !isWhole)
        {
            return string.IsNullOrEmpty(told) ? null : told;
        }

        int start = told.LastIndexOf(CommonName, StringComparison.OrdinalIgnoreCase);
        string name = start < 0 ? told : told[(start + CommonName.Length)..].Split('/')[0];
        return Xtext.Decode(name);
    }
}
