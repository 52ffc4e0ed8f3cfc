using Milter.Auth;

namespace Milter;

/// <summary>What came of one signature (DKIM, RFC 6376).</summary>
/// <remarks>Never changes and is valid for ever.</remarks>
public sealed class DkimResult
{
    internal DkimResult(AuthResult result, string reason, DkimSignature signature)
    {
        Result = result;
        Reason = reason;
        Domain = signature.Domain;
        Selector = signature.Selector;
        Algorithm = signature.Algorithm;
        Identity = signature.Identity;
        SignedLength = signature.BodyLength;
        SignatureStart = Convert.ToBase64String(signature.Signature) is { Length: > 8 } text ? text[..8] : "";
    }

    /// <summary>Gets the result.</summary>
    /// <value>Never <see cref="AuthResult.None"/> and <see cref="AuthResult.SoftFail"/>.</value>
    public AuthResult Result { get; }

    /// <summary>Gets why, in words.</summary>
    public string Reason { get; }

    /// <summary>Gets the domain that has signed (<c>d=</c>), as it is written; empty where it can't be read.</summary>
    public string Domain { get; }

    /// <summary>Gets the selector of the key (<c>s=</c>).</summary>
    public string Selector { get; }

    /// <summary>Gets the algorithm (<c>a=</c>), in lower case.</summary>
    public string Algorithm { get; }

    /// <summary>Gets the identity that the signer names (<c>i=</c>), <c>@</c> and the domain where it names none.</summary>
    public string Identity { get; }

    /// <summary>Gets how many bits the key has.</summary>
    /// <value>0 where there was none to look at.</value>
    public int KeyBits { get; internal init; }

    /// <summary>Gets a value indicating whether the domain's owner is only trying (<c>t=y</c> of the key).</summary>
    public bool IsTesting { get; internal init; }

    /// <summary>Gets how many bytes of the body the signature says to be for (<c>l=</c>); <see langword="null"/> for all.</summary>
    public long? SignedLength { get; }

    /// <summary>Gets how many bytes of the canonical body follow those that are signed. Whoever has had the message on its way may have written them.</summary>
    public long UnsignedBytes { get; internal init; }

    /// <summary>Gets when it was signed (<c>t=</c>); <see langword="null"/> where it does not say.</summary>
    public DateTimeOffset? SignedAt { get; internal init; }

    /// <summary>Gets until when it holds (<c>x=</c>); <see langword="null"/> where it does not say.</summary>
    public DateTimeOffset? Expires { get; internal init; }

    /// <summary>Gets the beginning of the signature, which tells several of one domain apart (<c>header.b</c>, RFC 6008).</summary>
    public string SignatureStart { get; }

    /// <summary>Gives the result with its reason, for logs.</summary>
    /// <returns>Such as <c>example.net: pass (…)</c>.</returns>
    public override string ToString() => $"{Domain}: {Result.Word()} ({Reason})";
}
