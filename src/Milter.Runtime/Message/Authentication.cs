using System.Globalization;

namespace Milter;

/// <summary>What the MTA tells of SMTP AUTH (RFC 4954), from the macros <c>{auth_*}</c> at MAIL.</summary>
/// <remarks>A parameter <c>Authentication?</c> is <see langword="null"/> where the client is not authenticated. Never changes and is valid for ever.</remarks>
public sealed class Authentication
{
    internal Authentication(string identity, string? type, string? author, string? ssf)
    {
        Identity = identity;
        Type = type;
        Author = author;
        Ssf = int.TryParse(ssf, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) ? bits : null;
    }

    /// <summary>Gets the name under which the client has logged in (<c>{auth_authen}</c>).</summary>
    public string Identity { get; }

    /// <summary>Gets the mechanism, such as <c>PLAIN</c> (<c>{auth_type}</c>); <see langword="null"/> where the MTA does not tell.</summary>
    public string? Type { get; }

    /// <summary>Gets what the client gave as <c>AUTH=</c> argument of MAIL (<c>{auth_author}</c>); <see langword="null"/> where it gave none.</summary>
    public string? Author { get; }

    /// <summary>Gets the strength of the mechanism's own encryption, in bits (<c>{auth_ssf}</c>); <see langword="null"/> where the MTA does not tell. Postfix never does.</summary>
    public int? Ssf { get; }

    /// <summary>Gives the identity, for logs.</summary>
    /// <returns><see cref="Identity"/>.</returns>
    public override string ToString() => Identity;
}
