namespace Milter;

/// <summary>TLS for MTAs, or for what speaks TLS in their place: our certificate, and whose we want to see. TLS 1.2 at least.</summary>
/// <remarks>Files are in PEM. They are read at the start and at a reload, and whenever one of them has changed; what is wrong then is told in one line, and the old stays.</remarks>
public sealed class MilterTlsOptions
{
    /// <summary>Gets or sets the file with the server's certificate and, behind it, those between it and its authority. Required.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Gets or sets the file with the certificate's private key.</summary>
    /// <value><see langword="null"/> by default: the key stands in <see cref="CertificateFile"/>, too.</value>
    public string? KeyFile { get; set; }

    /// <summary>Gets or sets the file with the authorities that sign the clients' certificates. With it a client without such a certificate is closed.</summary>
    /// <value><see langword="null"/> by default: clients show no certificate, and whoever reaches the port may connect.</value>
    public string? ClientAuthorityFile { get; set; }

    /// <summary>Gets or sets which clients of those authorities may connect: one of these host names has to stand in the certificate (its alternative names, or the common name where it has none).</summary>
    /// <value>Empty by default: all that have such a certificate.</value>
    public IList<string> AllowedNames { get; set; } = [];
}

/// <summary>Switches TLS on.</summary>
public static class MilterTlsExtensions
{
    /// <summary>Has connections over TCP encrypted. Connections are then carried by the platform's sockets. Takes a restart; its files do not.</summary>
    /// <param name="options">The milter's options.</param>
    /// <param name="configure">Sets the files.</param>
    /// <returns>The same options.</returns>
    /// <example><code>builder.Services.AddMilter&lt;ExternalTagger&gt;(options => options.UseTls(tls => builder.Configuration.GetSection("Tls").Bind(tls)));</code></example>
    public static MilterOptions UseTls(this MilterOptions options, Action<MilterTlsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        var tls = new MilterTlsOptions();
        configure(tls);
        options.SetSecurity(new Transport.Tls.TlsSecurity(tls));
        return options;
    }
}
