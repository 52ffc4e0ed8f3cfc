using System.Globalization;

namespace Milter;

/// <summary>What the MTA tells of the client's TLS session, from the macros <c>{tls_version}</c>, <c>{cipher}</c> and others.</summary>
/// <remarks>A parameter <c>TlsInfo?</c> is <see langword="null"/> where the session is not encrypted or the MTA does not tell. Never changes and is valid for ever.</remarks>
public sealed class TlsInfo
{
    internal TlsInfo(string version, string? cipher, string? bits, string? certSubject, string? certIssuer)
    {
        Version = version;
        Cipher = cipher;
        Bits = int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        CertSubject = certSubject;
        CertIssuer = certIssuer;
    }

    /// <summary>Gets the protocol version, such as <c>TLSv1.3</c> (<c>{tls_version}</c>).</summary>
    public string Version { get; }

    /// <summary>Gets the cipher suite, such as <c>TLS_AES_256_GCM_SHA384</c> (<c>{cipher}</c>); <see langword="null"/> where the MTA does not tell.</summary>
    public string? Cipher { get; }

    /// <summary>Gets the length of the cipher's key, in bits (<c>{cipher_bits}</c>); <see langword="null"/> where the MTA does not tell.</summary>
    public int? Bits { get; }

    /// <summary>Gets the subject of the client's certificate (<c>{cert_subject}</c>); <see langword="null"/> where it showed none. That there is one does not mean that the MTA trusts it.</summary>
    public string? CertSubject { get; }

    /// <summary>Gets the issuer of the client's certificate (<c>{cert_issuer}</c>); <see langword="null"/> where it showed none.</summary>
    public string? CertIssuer { get; }

    /// <summary>Gives version and cipher, for logs.</summary>
    /// <returns>Such as <c>TLSv1.3 TLS_AES_256_GCM_SHA384</c>.</returns>
    public override string ToString() => Cipher is null ? Version : $"{Version} {Cipher}";
}
