namespace Milter.Client;

/// <summary>The encryption of an SMTP session, for the macros <c>{tls_version}</c>, <c>{cipher}</c>, <c>{cipher_bits}</c>, <c>{cert_subject}</c>, <c>{cert_issuer}</c>.</summary>
/// <param name="Version">The protocol, such as <c>TLSv1.3</c>.</param>
/// <param name="Cipher">The cipher suite.</param>
/// <param name="CipherBits">The length of its key.</param>
/// <param name="CertificateSubject">The subject of the client's certificate, if it has shown one.</param>
/// <param name="CertificateIssuer">The issuer of that certificate.</param>
public sealed record SmtpTls(
    string Version = "TLSv1.3",
    string Cipher = "TLS_AES_256_GCM_SHA384",
    int CipherBits = 256,
    string? CertificateSubject = null,
    string? CertificateIssuer = null);
