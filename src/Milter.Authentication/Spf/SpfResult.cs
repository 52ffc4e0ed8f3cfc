using Milter.Auth;

namespace Milter;

/// <summary>What the domain of the envelope's sender says of the client (SPF, RFC 7208).</summary>
/// <remarks>Never changes and is valid for ever.</remarks>
public sealed class SpfResult
{
    internal SpfResult(AuthResult result, string reason, SpfIdentity identity, string domain, string sender, string? explanation = null)
    {
        Result = result;
        Reason = reason;
        Identity = identity;
        Domain = domain;
        Sender = sender;
        Explanation = explanation;
    }

    /// <summary>Gets the result.</summary>
    /// <value>Never <see cref="AuthResult.Policy"/>.</value>
    public AuthResult Result { get; }

    /// <summary>Gets a value indicating whether the client is one to be judged.</summary>
    /// <value><see langword="false"/> for clients that have logged in or are local: <see cref="Result"/> is <see cref="AuthResult.None"/> then, and <see cref="Reason"/> says which.</value>
    public bool IsApplicable { get; internal init; } = true;

    /// <summary>Gets why, in words: the term of the record that decided, or what is wrong.</summary>
    public string Reason { get; }

    /// <summary>Gets which name was judged.</summary>
    public SpfIdentity Identity { get; }

    /// <summary>Gets the domain that was judged, as the client wrote it.</summary>
    public string Domain { get; }

    /// <summary>Gets the sender that was judged: the envelope's, or <c>postmaster</c> at a domain.</summary>
    public string Sender { get; }

    /// <summary>Gets what the domain's owner has to say to those whose mail fails (<c>exp=</c>, macros expanded).</summary>
    /// <value><see langword="null"/> where he says nothing, or what can't be said; ASCII otherwise. A stranger's words: <see cref="Verdict.RejectCleaned(int, string, string)"/> makes them fit for a reply.</value>
    public string? Explanation { get; }

    /// <summary>Gives the result with its reason, for logs.</summary>
    /// <returns>Such as <c>fail (-all of example.net)</c>.</returns>
    public override string ToString() => $"{Result.Word()} ({Reason})";
}
