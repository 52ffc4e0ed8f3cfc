using System.Security.Cryptography;

namespace Milter.Auth;

/// <summary>Verifies the signatures of a message on its bytes (RFC 6376 section 6).</summary>
internal sealed class DkimVerifier(IDnsQuery dns, AuthenticationOptions options, TimeProvider time)
{
    /// <summary>The name of the field.</summary>
    public const string FieldName = "DKIM-Signature";

    /// <summary>Verifies all signatures, in the order of their fields.</summary>
    public async ValueTask<IReadOnlyList<DkimResult>> VerifyAsync(RawMessage message, CancellationToken cancellation)
    {
        RawField[] fields = [.. message.Header.Named(FieldName)];
        if (fields.Length == 0)
        {
            return [];
        }

        var results = new DkimResult[fields.Length];
        var candidates = new List<(int Number, DkimCandidate Candidate)>();
        using var digests = new BodyDigests();
        for (int i = 0; i < fields.Length; i++)
        {
            (AuthResult Result, string Reason)? wrong = DkimSignature.Parse(message.Header.Text(fields[i]), isArc: false, out DkimSignature signature);
            wrong ??= i >= options.MaxSignatures ? (AuthResult.Policy, $"only the first {options.MaxSignatures} signatures are looked at") : Expired(signature);
            if (wrong is { } clear)
            {
                results[i] = Make(clear, signature, null, 0);
                continue;
            }

            (DkimKey? key, AuthResult problem, string reason) = await FindKeyAsync(signature, cancellation).ConfigureAwait(false);
            if (key is null)
            {
                results[i] = Make((problem, reason), signature, null, 0);
                continue;
            }

            candidates.Add((i, new DkimCandidate(fields[i], signature, key, digests.Add(signature.BodyForm, signature.BodyLength))));
        }

        if (candidates.Count > 0)
        {
            Stream body = message.OpenBody();
            await using (body.ConfigureAwait(false))
            {
                await digests.ReadAsync(body, cancellation).ConfigureAwait(false);
            }
        }

        foreach ((int number, DkimCandidate candidate) in candidates)
        {
            DkimSignature signature = candidate.Signature;
            long length = digests.Length(signature.BodyForm);
            long unsigned = signature.BodyLength is { } signed ? Math.Max(0, length - signed) : 0;
            results[number] = Make(Judge(message, candidate, digests.Digest(signature.BodyForm, candidate.Digest), length), signature, candidate.Key, unsigned);
        }

        return results;
    }

    /// <summary>Looks for the key of a signature.</summary>
    /// <returns>The key, or what the result is without one.</returns>
    public async ValueTask<(DkimKey? Key, AuthResult Result, string Reason)> FindKeyAsync(DkimSignature signature, CancellationToken cancellation)
    {
        string name = $"{signature.Selector}._domainkey.{DnsNames.Normal(signature.Domain)}";
        DnsAnswer answer = await dns.QueryAsync(name, DnsRecordType.Txt, cancellation).ConfigureAwait(false);
        if (answer.Status == DnsStatus.Failed)
        {
            return (null, AuthResult.TempError, $"key {name}: {answer.Reason}");
        }

        (DkimKey? key, string problem) = DkimKeyRecords.Of(answer).Find(signature.IsEd25519);
        return key is null ? (null, AuthResult.PermError, $"key {name}: {problem}")
            : signature.IsIdentityWithin(key.IsStrict) ? (key, AuthResult.Pass, "")
            : (null, AuthResult.PermError, "the key is not for identities of subdomains (t=s, i=)");
    }

    /// <summary>Gives the digest of the header that a signature is for.</summary>
    public static byte[] HeaderDigest(RawHeader header, RawField field, DkimSignature signature)
    {
        using var buffer = new ByteBuffer();
        DkimFields.WriteNamed(buffer, header, signature.Fields, signature.HeaderForm, except: field);
        byte[] own = DkimFields.WithoutSignature(header.Whole(field), field.ValueStart - field.Start);
        if (signature.HeaderForm == Canonicalization.Simple)
        {
            buffer.Write(own);
        }
        else
        {
            DkimFields.WriteRelaxed(buffer, header.Name(field), own.AsSpan(field.ValueStart - field.Start));
        }

        return SHA256.HashData(buffer.Written);
    }

    private (AuthResult Result, string Reason) Judge(RawMessage message, DkimCandidate candidate, byte[] bodyDigest, long length)
    {
        DkimSignature signature = candidate.Signature;
        if (signature.BodyLength > length)
        {
            return (AuthResult.PermError, $"the body has {length} bytes, and {signature.BodyLength} are said to be signed (l=)");
        }

        if (!CryptographicOperations.FixedTimeEquals(bodyDigest, signature.BodyHash))
        {
            return (AuthResult.Fail, "the body is not the one that was signed");
        }

        if (candidate.Key.Verifies(HeaderDigest(message.Header, candidate.Field, signature), signature.Signature))
        {
            string bits = $"{candidate.Key.Bits}-bit {(candidate.Key.IsEd25519 ? "Ed25519" : "RSA")} key";
            return signature.BodyLength < length
                ? (options.AcceptUnsignedBytes ? AuthResult.Pass : AuthResult.Policy, $"{bits}; {length - signature.BodyLength} of {length} bytes of the body are not signed (l=)")
                : (AuthResult.Pass, bits);
        }

        return signature.HeaderForm == Canonicalization.Simple && !message.HasHeaderSpace
            ? (AuthResult.Neutral, "the MTA does not tell the white space after the colons, which a simple canonicalization has signed")
            : (AuthResult.Fail, "the header is not the one that was signed");
    }

    private (AuthResult Result, string Reason)? Expired(DkimSignature signature)
    {
        DateTimeOffset now = time.GetUtcNow();
        return signature.Expires is { } end && end.Add(options.ClockSkew) < now ? (AuthResult.PermError, $"the signature has expired {end:u} (x=)")
            : signature.Signed is { } signed && signed > now.Add(options.ClockSkew) ? (AuthResult.PermError, $"the signature is of the future, {signed:u} (t=)")
            : null;
    }

    private static DkimResult Make((AuthResult Result, string Reason) judged, DkimSignature signature, DkimKey? key, long unsigned) =>
        new(judged.Result, judged.Reason, signature)
        {
            KeyBits = key?.Bits ?? 0,
            IsTesting = key?.IsTesting ?? false,
            UnsignedBytes = unsigned,
            SignedAt = signature.Signed,
            Expires = signature.Expires,
        };

    private sealed record DkimCandidate(RawField Field, DkimSignature Signature, DkimKey Key, int Digest);
}
