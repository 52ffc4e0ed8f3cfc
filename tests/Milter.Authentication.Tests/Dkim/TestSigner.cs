using System.Security.Cryptography;
using System.Text;
using Milter.Auth;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Milter.Tests;

/// <summary>Signs by a second, plain reading of RFC 6376, so that verifier and signature do not share their mistakes.</summary>
internal sealed class TestSigner
{
    private readonly RSA _rsa;
    private readonly Ed25519PrivateKeyParameters? _ed25519;

    public TestSigner(int bits = 2048, bool isEd25519 = false)
    {
        _rsa = RSA.Create(bits);
        if (isEd25519)
        {
            var generator = new Ed25519KeyPairGenerator();
            generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
            _ed25519 = (Ed25519PrivateKeyParameters)generator.GenerateKeyPair().Private;
        }
    }

    public string Domain { get; set; } = "example.net";

    public string Forms { get; set; } = "simple/simple";

    public string Names { get; set; } = "from:subject:to";

    /// <summary>Gets or sets more tags, each with a semicolon behind.</summary>
    public string More { get; set; } = "";

    public string KeyRecord => _ed25519 is null
        ? $"v=DKIM1; k=rsa; p={Convert.ToBase64String(_rsa.ExportSubjectPublicKeyInfo())}"
        : $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(_ed25519.GeneratePublicKey().GetEncoded())}";

    /// <summary>Signs a message.</summary>
    /// <param name="header">Its header block, without a line end behind it.</param>
    /// <param name="body">Its body.</param>
    /// <param name="length">What l= says; nothing if not given.</param>
    /// <param name="name">The name of the field.</param>
    /// <returns>The field, without a line end behind it.</returns>
    public byte[] Sign(byte[] header, byte[] body, long? length = null, string name = "DKIM-Signature")
    {
        string[] forms = Forms.Split('/');
        byte[] canonical = Body(body, forms[1]);
        canonical = length is { } limit ? canonical[..(int)limit] : canonical;
        string tags = $" v=1; a={(_ed25519 is null ? "rsa" : "ed25519")}-sha256; c={Forms}; d={Domain}; s=sel;\r\n\th={Names}; {(length is null ? "" : $"l={length}; ")}{More}\r\n\tbh={Convert.ToBase64String(SHA256.HashData(canonical))};\r\n\tb=";
        byte[] digest = SHA256.HashData([.. Header(header, forms[0]), .. One(Latin($"{name}:{tags}"), forms[0])]);
        return [.. Latin($"{name}:{tags}"), .. Latin(Folded(Convert.ToBase64String(Signature(digest))))];
    }

    /// <summary>Makes an ARC-Seal (RFC 8617 section 4.1.3).</summary>
    /// <param name="fields">The fields of all sets up to this one, in order, without this seal.</param>
    /// <param name="instance">The number of the set.</param>
    /// <param name="judged">What cv= says.</param>
    public byte[] Seal(IEnumerable<byte[]> fields, int instance, string judged)
    {
        byte[] own = Latin($"ARC-Seal: i={instance}; a=rsa-sha256; t=1; cv={judged}; d={Domain}; s=sel; b=");
        byte[] digest = SHA256.HashData([.. fields.SelectMany(static field => (byte[])[.. One(field, "relaxed"), .. "\r\n"u8]), .. One(own, "relaxed")]);
        return [.. own, .. Latin(Folded(Convert.ToBase64String(Signature(digest))))];
    }

    private byte[] Signature(byte[] digest)
    {
        if (_ed25519 is null)
        {
            return _rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        var signer = new Ed25519Signer();
        signer.Init(true, _ed25519);
        signer.BlockUpdate(digest, 0, digest.Length);
        return signer.GenerateSignature();
    }

    private byte[] Header(byte[] header, string form)
    {
        List<string> fields = [.. System.Text.RegularExpressions.Regex.Split(Encoding.Latin1.GetString(header), "\r\n(?![ \t])")];
        var signed = new StringBuilder();
        foreach (string name in Names.Split(':'))
        {
            int found = fields.FindLastIndex(one => one.Split(':')[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found >= 0)
            {
                signed.Append(Encoding.Latin1.GetString(One(Latin(fields[found]), form))).Append("\r\n");
                fields.RemoveAt(found);
            }
        }

        return Latin(signed.ToString());
    }

    private static byte[] One(byte[] field, string form)
    {
        if (form == "simple")
        {
            return field;
        }

        string text = Encoding.Latin1.GetString(field);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string value = text[(colon + 1)..].Replace("\r\n", "", StringComparison.Ordinal);
        value = System.Text.RegularExpressions.Regex.Replace(value, "[ \t]+", " ").Trim(' ');
        return Latin($"{text[..colon].TrimEnd(' ', '\t').ToLowerInvariant()}:{value}");
    }

    private static byte[] Body(byte[] body, string form)
    {
        string text = Encoding.Latin1.GetString(body);
        if (form == "relaxed")
        {
            text = System.Text.RegularExpressions.Regex.Replace(text, "[ \t]+", " ");
            text = text.Replace(" \r\n", "\r\n", StringComparison.Ordinal);
            text = text.EndsWith(' ') ? text[..^1] : text;
        }

        while (text.EndsWith("\r\n", StringComparison.Ordinal))
        {
            text = text[..^2];
        }

        return text.Length == 0 && form == "relaxed" ? [] : Latin(text + "\r\n");
    }

    private static string Folded(string text) => string.Join("\r\n\t ", text.Chunk(60).Select(static part => new string(part)));

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
