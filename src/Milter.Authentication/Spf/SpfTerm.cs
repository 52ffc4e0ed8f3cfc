using System.Net;

namespace Milter.Auth;

/// <summary>A mechanism of an SPF record with its qualifier (RFC 7208 section 4.6.1).</summary>
internal sealed record SpfTerm(SpfMechanism Mechanism, AuthResult Qualifier, string Text)
{
    /// <summary>Gets the domain-spec, macros and all; <see langword="null"/> for the domain at hand.</summary>
    public string? Domain { get; init; }

    /// <summary>Gets the network of ip4 and ip6.</summary>
    public IPAddress? Network { get; init; }

    public int Prefix4 { get; init; } = 32;

    public int Prefix6 { get; init; } = 128;

    /// <summary>Says whether evaluating it asks the DNS (section 4.6.4).</summary>
    public bool Asks => Mechanism is not (SpfMechanism.All or SpfMechanism.Ip4 or SpfMechanism.Ip6);
}

/// <summary>The mechanisms (RFC 7208 section 5).</summary>
internal enum SpfMechanism
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
}
