using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Milter.Transport.Tls;

/// <summary>TLS by the platform, with files that may change while it runs.</summary>
internal sealed class TlsSecurity(MilterTlsOptions options) : StreamSecurity
{
    private readonly object _gate = new();
    private readonly string[] _files = [.. new[] { options.CertificateFile, options.KeyFile, options.ClientAuthorityFile }.OfType<string>()];
    private volatile SslServerAuthenticationOptions? _current;
    private DateTime[] _read = [];

    public override void Load()
    {
        lock (_gate)
        {
            _read = Times();
            _current = Read();
        }
    }

    public override async Task<Stream> OpenAsync(Socket socket)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsServerAsync(Current()).ConfigureAwait(false);
            return stream;
        }
        catch (AuthenticationException e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new IOException(e.GetBaseException() is var cause && cause != e ? $"{e.Message} {cause.Message}" : e.Message, e);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private SslServerAuthenticationOptions Current()
    {
        if (Times().SequenceEqual(_read))
        {
            return _current!;
        }

        try
        {
            Load();
        }
        catch (MilterListenException e)
        {
            // Told once for each change: of two files that belong together, one may have come and the other not yet.
            Complain(e.Message);
        }

        return _current!;
    }

    private DateTime[] Times() => Array.ConvertAll(_files, File.GetLastWriteTimeUtc);

    private SslServerAuthenticationOptions Read()
    {
        if (string.IsNullOrEmpty(options.CertificateFile))
        {
            throw new MilterListenException($"UseTls: {nameof(options.CertificateFile)} is missing. Name the file with the certificate, in PEM.");
        }

        if (options.AllowedNames.Count > 0 && options.ClientAuthorityFile is null)
        {
            throw new MilterListenException($"UseTls: {nameof(options.AllowedNames)} needs {nameof(options.ClientAuthorityFile)}: a name is worth something only in a certificate that somebody has signed whom you trust.");
        }

        X509Certificate2Collection? authorities = options.ClientAuthorityFile is { } file ? ReadAll(file) : null;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = ReadOwn(options.CertificateFile),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = authorities is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = authorities is null ? null : PolicyOf(authorities),
            RemoteCertificateValidationCallback = authorities is null ? null : IsAllowed,

            // A session that is taken up again shows no certificate.
            AllowTlsResume = authorities is null,
        };
    }

    private SslStreamCertificateContext ReadOwn(string file)
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(file, options.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new MilterListenException($"UseTls: the certificate in {file} and its key in {options.KeyFile ?? file} can't be used: {e.Message.TrimEnd('.')}. Give a certificate and the key that belongs to it, in PEM, which the filter's user may read.", e);
        }
    }

    private static X509Certificate2Collection ReadAll(string file)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new MilterListenException($"UseTls: the authorities in {file} can't be read: {e.Message.TrimEnd('.')}. Give certificates in PEM, which the filter's user may read.", e);
        }

        return all.Count > 0 ? all : throw new MilterListenException($"UseTls: there is no certificate in {file}. Give those of the authorities that sign the clients' certificates, in PEM.");
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private bool IsAllowed(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None && shown is X509Certificate2 certificate
        && (options.AllowedNames.Count == 0 || options.AllowedNames.Any(name => certificate.MatchesHostname(name, allowWildcards: false)));
}
