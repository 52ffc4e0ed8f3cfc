using Milter.Auth;

namespace Milter;

/// <summary>Whether the domain in From stands behind the message, and what its owner wants otherwise (DMARC, RFC 9989).</summary>
/// <remarks>Never changes and is valid for ever. What to do with a message is the filter's own decision: section 7.4 wants more than a policy to be looked at.</remarks>
public sealed class DmarcResult
{
    internal DmarcResult(AuthResult result, string reason, string? domain)
    {
        Result = result;
        Reason = reason;
        Domain = domain;
    }

    /// <summary>Gets the result.</summary>
    /// <value>
    /// <see cref="AuthResult.Pass"/>, <see cref="AuthResult.Fail"/>, <see cref="AuthResult.None"/> (the domain has no policy), <see cref="AuthResult.TempError"/>,
    /// or <see cref="AuthResult.PermError"/>: From names no domain, or more than one.
    /// </value>
    public AuthResult Result { get; }

    /// <summary>Gets why, in words.</summary>
    public string Reason { get; }

    /// <summary>Gets the domain in From, in ASCII; <see langword="null"/> where there is none, or not one.</summary>
    public string? Domain { get; }

    /// <summary>Gets the domain whose record holds: the domain itself, its organizational domain or the public suffix above; <see langword="null"/> where there is none.</summary>
    public string? PolicyDomain { get; internal init; }

    /// <summary>Gets the organizational domain of <see cref="Domain"/>, where it was needed.</summary>
    public string? OrganizationalDomain { get; internal init; }

    /// <summary>Gets what the record says for this domain: <c>p</c>, <c>sp</c> or <c>np</c>.</summary>
    public DmarcPolicy Policy { get; internal init; }

    /// <summary>Gets what is to be done if the result is <see cref="AuthResult.Fail"/>: <see cref="Policy"/>, one step milder where the owner is only trying (<c>t=y</c>).</summary>
    /// <value><see cref="DmarcPolicy.None"/> for any other result.</value>
    public DmarcPolicy Disposition => Result != AuthResult.Fail ? DmarcPolicy.None
        : !IsTesting ? Policy
        : Policy == DmarcPolicy.Reject ? DmarcPolicy.Quarantine
        : DmarcPolicy.None;

    /// <summary>Gets a value indicating whether the owner is only trying (<c>t=y</c>).</summary>
    public bool IsTesting { get; internal init; }

    /// <summary>Gets a value indicating whether SPF has passed for a domain that is aligned.</summary>
    public bool IsSpfAligned { get; internal init; }

    /// <summary>Gets a value indicating whether a DKIM signature has passed whose domain is aligned.</summary>
    public bool IsDkimAligned { get; internal init; }

    /// <summary>Gives the result with its reason, for logs.</summary>
    /// <returns>Such as <c>fail (…)</c>.</returns>
    public override string ToString() => $"{Result.Word()} ({Reason})";
}
