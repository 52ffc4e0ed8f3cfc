using System.Collections.Concurrent;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Milter.Auth;

/// <summary>Private keys of files, read again when a file has changed.</summary>
internal sealed class SigningKeys
{
    private readonly ConcurrentDictionary<string, (DateTime Written, SigningKey Key)> _keys = new(StringComparer.Ordinal);

    /// <summary>Gives the key of a file.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="CryptographicException">There is no key in it.</exception>
    public SigningKey Of(string file)
    {
        DateTime written = File.GetLastWriteTimeUtc(file);
        if (_keys.TryGetValue(file, out (DateTime Written, SigningKey Key) known) && known.Written == written)
        {
            return known.Key;
        }

        SigningKey key = SigningKey.Parse(File.ReadAllText(file));
        _keys[file] = (written, key);
        return key;
    }
}

/// <summary>A private key. Its text is kept nowhere.</summary>
internal sealed class SigningKey
{
    private readonly byte[]? _rsa;
    private readonly Ed25519PrivateKeyParameters? _ed25519;

    private SigningKey(byte[]? rsa, Ed25519PrivateKeyParameters? ed25519)
    {
        _rsa = rsa;
        _ed25519 = ed25519;
    }

    public string Algorithm => _ed25519 is null ? "rsa-sha256" : "ed25519-sha256";

    /// <summary>Reads a key.</summary>
    /// <exception cref="CryptographicException">It is none.</exception>
    public static SigningKey Parse(string pem)
    {
        if (PemEncoding.TryFind(pem, out PemFields fields) && pem[fields.Label] == "PRIVATE KEY")
        {
            byte[] bytes = Convert.FromBase64String(pem[fields.Base64Data]);
            try
            {
                if (PrivateKeyFactory.CreateKey(bytes) is Ed25519PrivateKeyParameters ed25519)
                {
                    return new SigningKey(null, ed25519);
                }
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or SecurityUtilityException)
            {
                throw new CryptographicException("There is no private key that can be read.", e);
            }
        }

        using RSA rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new SigningKey(rsa.ExportRSAPrivateKey(), null);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("There is no private key of RSA or Ed25519, in PEM, without a password.", e);
        }
    }

    /// <summary>Signs the digest of a header.</summary>
    public byte[] Sign(byte[] digest)
    {
        if (_ed25519 is not null)
        {
            var signer = new Ed25519Signer();
            signer.Init(true, _ed25519);
            signer.BlockUpdate(digest, 0, digest.Length);
            return signer.GenerateSignature();
        }

        using RSA rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(_rsa, out _);
        return rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
