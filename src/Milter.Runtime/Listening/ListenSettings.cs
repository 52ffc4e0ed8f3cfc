namespace Milter.Listening;

/// <summary>Where to listen, and who may come in where that is a unix socket.</summary>
internal sealed class ListenSettings
{
    public const UnixFileMode DefaultMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    public required MilterEndPoint EndPoint { get; init; }

    public UnixFileMode SocketMode { get; init; } = DefaultMode;

    /// <summary>Gets a user's name or number, or <see langword="null"/> to leave the socket with the process's.</summary>
    public string? SocketOwner { get; init; }

    /// <summary>Gets a group's name or number, or <see langword="null"/> to leave the socket with the process's.</summary>
    public string? SocketGroup { get; init; }
}
