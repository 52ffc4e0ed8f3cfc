namespace Milter;

/// <summary>What a milter can listen on.</summary>
public enum MilterEndPointKind
{
    /// <summary>TCP over IPv4: <c>inet:port@host</c>.</summary>
    Inet,

    /// <summary>TCP over IPv6: <c>inet6:port@host</c>.</summary>
    Inet6,

    /// <summary>A unix socket: <c>unix:/path</c>.</summary>
    Unix,

    /// <summary>A listening socket that the process inherited, by its number: <c>fd:N</c>.</summary>
    FileDescriptor,

    /// <summary>A listening socket handed over by systemd (<c>LISTEN_FDS</c>): <c>systemd</c> or <c>systemd:name</c>.</summary>
    Systemd,
}
