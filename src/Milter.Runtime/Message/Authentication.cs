using System.Globalization;
using Milter.Protocol;

namespace Milter;

/// <summary>What the MTA tells of SMTP AUTH (RFC 4954), from the macros <c>{auth_*}</c> at MAIL.</summary>
/// <remarks>A parameter <c>Authentication?</c> is <see langword="null"/> where the client is not authenticated. Never changes and is valid for ever.</remarks>
public sealed class Authentication
{
    // Sendmail, which alone tells of a strength, has the name in xtext; Postfix has it as it is. The argument is xtext as it was sent (RFC 4954 section 5).
    internal Authentication(string identity, string? type, string? author, string? ssf)
    {
        Identity = ssf is null ? identity : Xtext.Decode(identity);
        Type = type;
        Author = author is null ? null : Xtext.Decode(author);
        Ssf = int.TryParse(ssf, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) ? bits : null;
    }

    /// <summary>Gets the name under which the client has logged in (<c>{auth_authen}</c>).</summary>
    /// <value>The name itself, also from Sendmail, whose macro has it in xtext (<c>ann+2Btag</c> for <c>ann+tag</c>).</value>
    public string Identity { get; }

    /// <summary>Gets the mechanism, such as <c>PLAIN</c> (<c>{auth_type}</c>); <see langword="null"/> where the MTA does not tell.</summary>
    public string? Type { get; }

    /// <summary>Gets what the client gave as <c>AUTH=</c> argument of MAIL (<c>{auth_author}</c>), decoded; <see langword="null"/> where it gave none.</summary>
    public string? Author { get; }

    /// <summary>Gets the strength of the mechanism's own encryption, in bits (<c>{auth_ssf}</c>); <see langword="null"/> where the MTA does not tell. Postfix never does.</summary>
    public int? Ssf { get; }

    /// <summary>Gives the identity, for logs.</summary>
    /// <returns><see cref="Identity"/>.</returns>
    public override string ToString() => Identity;
}
