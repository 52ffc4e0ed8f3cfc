using Milter.Auth;

namespace Milter;

/// <summary>Signs the message when all handlers have let it pass (DKIM, RFC 6376). A parameter of handlers at EOM: to take it is to sign.</summary>
/// <remarks>
/// <code>
/// [OnEom]
/// void Sign(DkimSigning signing) { }
/// </code>
/// Signed is mail of clients that have logged in, are local, or are in <see cref="DkimSigningOptions.Networks"/>, if From names one domain that has a key. Everything else passes
/// unsigned. What is signed is the message as this filter's edits will have it delivered; a filter that changes it later breaks the signature, so this one goes last.
/// </remarks>
public sealed class DkimSigning
{
    internal DkimSigning(AuthorDomain author, IReadOnlyList<DkimSigningKey> keys, string? unsigned)
    {
        Domain = author.Domain;
        Keys = keys;
        NotSigned = unsigned;
    }

    /// <summary>Gets the domain in From, in ASCII; <see langword="null"/> where there is not one.</summary>
    public string? Domain { get; }

    /// <summary>Gets why the message is not signed; <see langword="null"/> where it is to be.</summary>
    public string? NotSigned { get; private set; }

    internal IReadOnlyList<DkimSigningKey> Keys { get; }

    /// <summary>Leaves this message unsigned.</summary>
    /// <param name="reason">Why, for <see cref="NotSigned"/>.</param>
    public void Skip(string reason) => NotSigned ??= reason;
}
