using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Milter.Auth;

/// <summary>A public key as a domain has it in the DNS (RFC 6376 section 3.6.1, RFC 8463).</summary>
internal sealed class DkimKey
{
    private const int LeastBits = 1024;
    private const int Ed25519Bytes = 32;

    private readonly byte[] _bytes;

    // One that nobody uses now: an RSA object is for one thread at a time.
    private RSA? _idle;

    private DkimKey(bool isEd25519, byte[] bytes, int bits, bool isTesting, bool isStrict)
    {
        IsEd25519 = isEd25519;
        _bytes = bytes;
        Bits = bits;
        IsTesting = isTesting;
        IsStrict = isStrict;
    }

    public bool IsEd25519 { get; }

    public int Bits { get; }

    /// <summary>Gets a value indicating whether the domain says that it is only trying (<c>t=y</c>).</summary>
    public bool IsTesting { get; }

    /// <summary>Gets a value indicating whether identities of subdomains are not meant (<c>t=s</c>).</summary>
    public bool IsStrict { get; }

    /// <summary>Reads a record.</summary>
    /// <param name="record">The text.</param>
    /// <param name="wantsEd25519">Which kind the signature needs.</param>
    /// <param name="key">The key.</param>
    /// <returns>Why it can't be used; <see langword="null"/> where it can.</returns>
    public static string? Parse(string record, bool wantsEd25519, out DkimKey? key)
    {
        key = null;
        if (TagList.Parse(record, out TagList tags) is { } problem)
        {
            return $"the key record can't be read: {problem}";
        }

        if (tags["v"] is { } version && (version != "DKIM1" || tags.First != "v"))
        {
            return "the key record is of another version";
        }

        if (tags["p"] is not { } text)
        {
            return "the key record has no key (p=)";
        }

        if (text.Length == 0)
        {
            return "the key is revoked";
        }

        if (tags["h"] is { } hashes && !Has(hashes, "sha256"))
        {
            return "the key is not for SHA-256 (h=)";
        }

        if (tags["s"] is { } services && !Has(services, "email") && !Has(services, "*"))
        {
            return "the key is not for mail (s=)";
        }

        string kind = tags["k"] ?? "rsa";
        if (!kind.Equals(wantsEd25519 ? "ed25519" : "rsa", StringComparison.OrdinalIgnoreCase))
        {
            return $"the key is for {kind}, not for this signature (k=)";
        }

        return Base64Text.TryDecode(text, out byte[] bytes) ? Make(wantsEd25519, bytes, tags["t"] ?? "", out key) : "the key is no base64 (p=)";
    }

    /// <summary>Verifies a signature.</summary>
    /// <param name="digest">The SHA-256 digest of what is signed.</param>
    /// <param name="signature">The signature.</param>
    public bool Verifies(byte[] digest, byte[] signature)
    {
        if (IsEd25519)
        {
            // RFC 8463 section 3: what is signed is the digest.
            return signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, _bytes, 0, digest, 0, digest.Length);
        }

        RSA rsa = Interlocked.Exchange(ref _idle, null) ?? Import(_bytes);
        try
        {
            return rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            Interlocked.Exchange(ref _idle, rsa)?.Dispose();
        }
    }

    private static string? Make(bool isEd25519, byte[] bytes, string flags, out DkimKey? key)
    {
        key = null;
        int bits = Ed25519Bytes * 8;
        if (isEd25519)
        {
            if (bytes.Length != Ed25519Bytes)
            {
                return "the key is no key of Ed25519";
            }
        }
        else
        {
            try
            {
                using RSA rsa = Import(bytes);
                bits = rsa.KeySize;
            }
            catch (CryptographicException)
            {
                return "the key is no RSA key";
            }

            if (bits < LeastBits)
            {
                return $"the key has {bits} bits, and less than {LeastBits} are not taken (RFC 8301)";
            }
        }

        key = new DkimKey(isEd25519, bytes, bits, Has(flags, "y"), Has(flags, "s"));
        return null;
    }

    // RFC 6376 wants a SubjectPublicKeyInfo in the examples, and a bare RSAPublicKey in the text (errata 3017): both are in use.
    private static RSA Import(byte[] bytes)
    {
        RSA rsa = RSA.Create();
        try
        {
            try
            {
                rsa.ImportSubjectPublicKeyInfo(bytes, out _);
            }
            catch (CryptographicException)
            {
                rsa.ImportRSAPublicKey(bytes, out _);
            }

            return rsa;
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    private static bool Has(string list, string word) => list.Split(':').Any(one => one.Trim().Equals(word, StringComparison.OrdinalIgnoreCase));
}
