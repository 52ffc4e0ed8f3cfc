using System.Globalization;
using Milter.Listening;

namespace Milter.Transport;

/// <summary>Who may connect: networks for TCP, users and groups for unix sockets.</summary>
/// <param name="networks">From where; from everywhere where it is empty.</param>
/// <param name="users">Whose processes.</param>
/// <param name="groups">Whose processes, besides.</param>
internal sealed class PeerRules(IpNetworkSet networks, IReadOnlySet<uint> users, IReadOnlySet<uint> groups)
{
    /// <summary>Makes the rules of options that were checked.</summary>
    public static PeerRules Of(MilterOptions options) => new(
        options.AllowedNetworks,
        options.AllowedUsers.Select(static name => Number(name, LibC.FindUser)).OfType<uint>().ToHashSet(),
        options.AllowedGroups.Select(static name => Number(name, LibC.FindGroup)).OfType<uint>().ToHashSet())
    {
        HasUnixRules = options.AllowedUsers.Count + options.AllowedGroups.Count > 0,
    };

    // Not by what was found: a list of users that have gone since lets nobody in, and not everybody.
    private bool HasUnixRules { get; init; }

    /// <summary>Says whether a peer may connect.</summary>
    public bool Allows(PeerAddress peer) => peer.Address is { } address
        ? networks.Count == 0 || networks.Contains(address)
        : !HasUnixRules || (peer.Credentials is { } who && (users.Contains(who.User) || groups.Contains(who.Group)));

    /// <summary>Says what is wrong with the name of a user or group.</summary>
    /// <returns>What to write instead; <see langword="null"/> when nothing is wrong.</returns>
    public static string? Check(string name, bool isUser) =>
        string.IsNullOrWhiteSpace(name) ? $"it is empty; write a {(isUser ? "user" : "group")}, by name or number."
        : !OperatingSystem.IsLinux() ? "who connects to a unix socket is known on Linux only. Leave it out, and use the rights of the socket."
        : Number(name, isUser ? LibC.FindUser : LibC.FindGroup) is null ? $"there is no {(isUser ? "user" : "group")} \"{name}\" on this machine. Write one that there is, or a number."
        : null;

    private static uint? Number(string name, Func<string, uint?> find) => uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : find(name);
}
