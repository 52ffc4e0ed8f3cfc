namespace Milter.Protocol;

/// <summary>The kind of address in CONNECT (<c>SMFIA_*</c> in libmilter's <c>mfdef.h</c>).</summary>
#pragma warning disable CA1008 // The wire has no zero: 0 is not a family.
public enum ClientFamily : byte
#pragma warning restore CA1008
{
    /// <summary><c>SMFIA_UNKNOWN</c>: no address and no port follow.</summary>
    Unknown = (byte)'U',

    /// <summary><c>SMFIA_UNIX</c>: the address is a path, the port 0.</summary>
    Unix = (byte)'L',

    /// <summary><c>SMFIA_INET</c>: dotted IPv4.</summary>
    IPv4 = (byte)'4',

    /// <summary><c>SMFIA_INET6</c>: IPv6, from Sendmail with <c>IPv6:</c> before it.</summary>
    IPv6 = (byte)'6',
}
