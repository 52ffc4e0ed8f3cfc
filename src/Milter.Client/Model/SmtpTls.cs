namespace Milter.Client;

/// <summary>The encryption of an SMTP session, for the macros <c>{tls_version}</c>, <c>{cipher}</c>, <c>{cipher_bits}</c>, <c>{cert_subject}</c>, <c>{cert_issuer}</c>.</summary>
/// <param name="Version">The protocol, such as <c>TLSv1.3</c>.</param>
/// <param name="Cipher">The cipher suite.</param>
/// <param name="CipherBits">The length of its key.</param>
/// <param name="CertificateSubject">The common name in the client's certificate, if it has shown one.</param>
/// <param name="CertificateIssuer">The common name of its issuer.</param>
public sealed record SmtpTls(
    string Version = "TLSv1.3",
    string Cipher = "TLS_AES_256_GCM_SHA384",
    int CipherBits = 256,
    string? CertificateSubject = null,
    string? CertificateIssuer = null)
{
    /// <summary>Gets a value indicating whether the MTA trusts the client's certificate. Postfix tells filters of no other; Sendmail tells of all, and this in <c>{verify}</c>.</summary>
    /// <value>True by default; of no meaning without a certificate.</value>
    public bool IsTrusted { get; init; } = true;
}
