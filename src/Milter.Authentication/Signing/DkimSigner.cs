using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Milter.Auth;

/// <summary>Makes signatures, relaxed/relaxed (RFC 6376 section 5).</summary>
internal static class DkimSigner
{
    // What readers see or what the body is read by; each is signed as often as it is there (section 5.4.1).
    private static readonly string[] s_fields =
    [
        "from", "sender", "reply-to", "subject", "date", "message-id", "to", "cc", "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding",
        "content-disposition", "list-id", "list-unsubscribe", "list-unsubscribe-post",
    ];

    // Signed once more than they are there, so that nobody can add one: also where there is none.
    private static readonly string[] s_closed = ["from", "reply-to", "subject", "cc"];

    // The same, but only where there is one: an MTA adds those that are missing (Sendmail; Postfix with always_add_missing_headers).
    private static readonly string[] s_closedIfThere = ["date", "message-id", "to", "mime-version", "content-type", "content-transfer-encoding", "in-reply-to", "references"];

    /// <summary>Makes the value of a field DKIM-Signature, in one line with a blank wherever it may be folded.</summary>
    public static string Sign(RawHeader header, byte[] bodyDigest, SigningKey key, string domain, string selector, DateTimeOffset now, TimeSpan lifetime)
    {
        List<string> names = Names(header);
        string expires = lifetime > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" x={now.Add(lifetime).ToUnixTimeSeconds()};") : "";
        string tags = string.Create(
            CultureInfo.InvariantCulture,
            $"v=1; a={key.Algorithm}; c=relaxed/relaxed; d={domain}; s={selector}; t={now.ToUnixTimeSeconds()};{expires} h={Spaced(names)}; bh={Convert.ToBase64String(bodyDigest)}; b=");
        using var buffer = new ByteBuffer();
        DkimFields.WriteNamed(buffer, header, names, Canonicalization.Relaxed);
        DkimFields.WriteRelaxed(buffer, Encoding.ASCII.GetBytes(DkimVerifier.FieldName), Encoding.ASCII.GetBytes(tags));
        string signature = Convert.ToBase64String(key.Sign(SHA256.HashData(buffer.Written)));
        return tags + string.Join(' ', signature.Chunk(64).Select(static part => new string(part)));
    }

    private static List<string> Names(RawHeader header)
    {
        var names = new List<string>();
        foreach (string name in s_fields)
        {
            int count = header.Named(name).Count();
            int closed = s_closed.Contains(name) || (count > 0 && s_closedIfThere.Contains(name)) ? 1 : 0;
            names.AddRange(Enumerable.Repeat(name, count + closed));
        }

        return names;
    }

    private static string Spaced(List<string> names) => string.Join(" : ", names.Chunk(6).Select(static some => string.Join(':', some)));
}
