using System.Globalization;
using System.Security.Cryptography;

namespace Milter.Auth;

/// <summary>Verifies a chain of ARC (RFC 8617 section 5.2).</summary>
internal sealed class ArcVerifier(DkimVerifier keys)
{
    private const int MaxSets = 50;
    private const string ResultsName = "ARC-Authentication-Results", SignatureName = "ARC-Message-Signature", SealName = "ARC-Seal";

    /// <summary>Says whether a message has anything of ARC.</summary>
    public static bool IsThere(RawHeader header) => header.Named(SealName).Any() || header.Named(SignatureName).Any() || header.Named(ResultsName).Any();

    public async ValueTask<ArcResult> VerifyAsync(RawMessage message, CancellationToken cancellation)
    {
        if (!IsThere(message.Header))
        {
            return new ArcResult(AuthResult.None, "there is no chain", []);
        }

        if (Read(message.Header, out List<Links> links) is { } broken)
        {
            return new ArcResult(AuthResult.Fail, broken, []);
        }

        ArcSet[] sets = [.. links.Select((one, i) => new ArcSet(i + 1, one.SealTags["d"] ?? "", one.SealTags["s"] ?? "", message.Header.Text(one.Results).Trim()))];
        (AuthResult Result, string Reason)? wrong = await VerifyMessageAsync(message, links[^1], sets.Length, cancellation).ConfigureAwait(false);
        for (int i = links.Count - 1; wrong is null && i >= 0; i--)
        {
            wrong = await VerifySealAsync(message.Header, links, i, cancellation).ConfigureAwait(false);
        }

        return new ArcResult(wrong?.Result ?? AuthResult.Pass, wrong?.Reason ?? $"{sets.Length} of {sets.Length} seals hold", sets);
    }

    /// <summary>Finds the sets and checks their form.</summary>
    /// <returns>What is wrong; <see langword="null"/> for nothing.</returns>
    private static string? Read(RawHeader header, out List<Links> links)
    {
        links = [];
        Dictionary<int, RawField> results = [], signatures = [], seals = [];
        foreach ((string name, Dictionary<int, RawField> into) in new[] { (ResultsName, results), (SignatureName, signatures), (SealName, seals) })
        {
            foreach (RawField field in header.Named(name))
            {
                if (!TryInstance(header.Text(field), out int instance) || !into.TryAdd(instance, field))
                {
                    return $"{name} has no instance, or one that is there twice (i=)";
                }
            }
        }

        if (seals.Count > MaxSets || results.Count != seals.Count || signatures.Count != seals.Count)
        {
            return $"the chain is not whole: {results.Count} results, {signatures.Count} signatures, {seals.Count} seals";
        }

        for (int i = 1; i <= seals.Count; i++)
        {
            if (!seals.TryGetValue(i, out RawField seal) || !results.TryGetValue(i, out RawField result) || !signatures.TryGetValue(i, out RawField signature))
            {
                return $"set {i} of the chain is not whole";
            }

            if (TagList.Parse(header.Text(seal), out TagList tags) is { } problem)
            {
                return $"seal {i} can't be read: {problem}";
            }

            if (tags["cv"]?.ToLowerInvariant() != (i == 1 ? "none" : "pass"))
            {
                return $"seal {i} says that the chain before it is {tags["cv"] ?? "not judged"} (cv=)";
            }

            links.Add(new Links(result, signature, seal, tags));
        }

        return null;
    }

    private async ValueTask<(AuthResult Result, string Reason)?> VerifyMessageAsync(RawMessage message, Links newest, int number, CancellationToken cancellation)
    {
        if (DkimSignature.Parse(message.Header.Text(newest.Signature), isArc: true, out DkimSignature signature) is { } wrong)
        {
            return (AuthResult.Fail, $"signature {number}: {wrong.Reason}");
        }

        if (signature.Fields.Contains(SealName, StringComparer.OrdinalIgnoreCase))
        {
            return (AuthResult.Fail, $"signature {number} is for seals");
        }

        (DkimKey? key, AuthResult problem, string reason) = await keys.FindKeyAsync(signature, cancellation).ConfigureAwait(false);
        if (key is null)
        {
            return (problem == AuthResult.TempError ? problem : AuthResult.Fail, $"signature {number}: {reason}");
        }

        using var digests = new BodyDigests();
        int digest = digests.Add(signature.BodyForm, signature.BodyLength);
        Stream body = message.OpenBody();
        await using (body.ConfigureAwait(false))
        {
            await digests.ReadAsync(body, cancellation).ConfigureAwait(false);
        }

        return signature.BodyLength > digests.Length(signature.BodyForm) || !CryptographicOperations.FixedTimeEquals(digests.Digest(signature.BodyForm, digest), signature.BodyHash)
            ? (AuthResult.Fail, $"signature {number}: the body is not the one that was signed")
            : key.Verifies(DkimVerifier.HeaderDigest(message.Header, newest.Signature, signature), signature.Signature) ? null
            : (AuthResult.Fail, $"signature {number}: the header is not the one that was signed");
    }

    private async ValueTask<(AuthResult Result, string Reason)?> VerifySealAsync(RawHeader header, List<Links> links, int last, CancellationToken cancellation)
    {
        string name = $"seal {last + 1}";
        if (DkimSignature.ParseSeal(links[last].SealTags, out DkimSignature seal) is { } wrong)
        {
            return (AuthResult.Fail, $"{name}: {wrong}");
        }

        (DkimKey? key, AuthResult problem, string reason) = await keys.FindKeyAsync(seal, cancellation).ConfigureAwait(false);
        return key is null ? (problem == AuthResult.TempError ? problem : AuthResult.Fail, $"{name}: {reason}")
            : key.Verifies(SealDigest(header, links, last), seal.Signature) ? null
            : (AuthResult.Fail, $"{name} does not hold");
    }

    /// <summary>All sets up to the sealed one, in order, its own seal last and without its signature (section 5.1.1).</summary>
    private static byte[] SealDigest(RawHeader header, List<Links> links, int last)
    {
        using var buffer = new ByteBuffer();
        for (int i = 0; i <= last; i++)
        {
            foreach (RawField field in new[] { links[i].Results, links[i].Signature, links[i].Seal })
            {
                if (i == last && field == links[i].Seal)
                {
                    DkimFields.WriteRelaxed(buffer, header.Name(field), DkimFields.WithoutSignature(header.Value(field), 0));
                }
                else
                {
                    DkimFields.Write(buffer, header.Name(field), header.Value(field), header.Whole(field), Canonicalization.Relaxed);
                }
            }
        }

        return SHA256.HashData(buffer.Written);
    }

    private static bool TryInstance(string value, out int instance)
    {
        instance = 0;
        foreach (string part in value.Split(';'))
        {
            string tag = part.Trim(' ', '\t', '\r', '\n');
            int equals = tag.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && tag[..equals].TrimEnd() == "i")
            {
                return int.TryParse(tag[(equals + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out instance) && instance is > 0 and <= MaxSets;
            }
        }

        return false;
    }

    private sealed record Links(RawField Results, RawField Signature, RawField Seal, TagList SealTags);
}
