using System.ComponentModel;
using System.Globalization;

namespace Milter.Listening;

/// <summary>Whose a unix socket is to be.</summary>
internal readonly struct SocketOwner
{
    private readonly ListenSettings _settings;
    private readonly uint _user;
    private readonly uint _group;

    private SocketOwner(ListenSettings settings, uint user, uint group)
    {
        _settings = settings;
        _user = user;
        _group = group;
    }

    /// <summary>Looks the settings' user and group up.</summary>
    /// <exception cref="MilterListenException">This machine does not know one of them, or has no such thing.</exception>
    public static SocketOwner Find(ListenSettings settings)
    {
        if (OperatingSystem.IsWindows() && (settings.SocketOwner ?? settings.SocketGroup) is not null)
        {
            throw SocketFile.Fail(settings.EndPoint, "SocketOwner and SocketGroup mean nothing on Windows. Leave them out.");
        }

        uint user = Number(settings, settings.SocketOwner, "user", "SocketOwner", LibC.FindUser);
        uint group = Number(settings, settings.SocketGroup, "group", "SocketGroup", LibC.FindGroup);
        return new SocketOwner(settings, user, group);
    }

    /// <summary>Gives the file to them.</summary>
    /// <param name="endPoint">The endpoint, for messages.</param>
    /// <param name="change">Sets user and group of the file, either of which may be <see cref="LibC.Unchanged"/>; returns 0 or the system's error number.</param>
    /// <exception cref="MilterListenException">The process may not.</exception>
    public void Apply(MilterEndPoint endPoint, Func<uint, uint, int> change)
    {
        if (_user == LibC.Unchanged && _group == LibC.Unchanged)
        {
            return;
        }

        int error = change(_user, _group);
        if (error != 0)
        {
            var cause = new Win32Exception(error);
            throw SocketFile.Fail(
                endPoint,
                $"can't give the socket to {_settings.SocketOwner ?? "(same user)"}:{_settings.SocketGroup ?? "(same group)"}: {cause.Message}. Only root may set SocketOwner; SocketGroup has to be a group of the user {Environment.UserName}.",
                cause);
        }
    }

    private static uint Number(ListenSettings settings, string? name, string what, string option, Func<string, uint?> find)
    {
        if (string.IsNullOrEmpty(name))
        {
            return LibC.Unchanged;
        }

        return uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number
            : find(name) ?? throw SocketFile.Fail(settings.EndPoint, $"there is no {what} \"{name}\" on this machine. Mend {option}, or give the {what}'s number.");
    }
}
