using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Milter.Transport;

/// <summary>The file of a unix socket: made with its mode and owner from the first moment, taken away at the end if it is still ours.</summary>
/// <remarks>
/// The umask belongs to the process, so it can't be used. The socket is bound under a private name in the same folder, gets mode and owner,
/// starts to listen, and is renamed into place: nobody ever finds it with other rights, or not yet listening.
/// </remarks>
internal sealed class SocketFile
{
    /// <summary>The longest path of a unix socket on Linux: <c>sun_path</c> without the NUL at its end.</summary>
    internal const int MaxPathBytes = 107;

    private const int Attempts = 5;

    private readonly string _path;
    private readonly (ulong, uint, uint)? _identity;
    private bool _isRemoved;

    private SocketFile(string path)
    {
        _path = path;
        _identity = OperatingSystem.IsLinux() && LibC.TryStat(path, out LibC.FileStatus status) ? status.Identity : null;
    }

    /// <summary>Opens a listening socket at the endpoint's path.</summary>
    /// <exception cref="MilterListenException">The path can't be used, or somebody answers on it.</exception>
    public static async Task<(Socket Socket, SocketFile File)> ListenAsync(ListenSettings settings, CancellationToken ct)
    {
        MilterEndPoint endPoint = settings.EndPoint;
        string path = Path.GetFullPath(endPoint.Path!);
        string folder = Path.GetDirectoryName(path) ?? throw Fail(endPoint, "the path is a folder. Add the name of the socket.");
        int length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxPathBytes)
        {
            throw Fail(endPoint, $"the path has {length} bytes, and a unix socket's has {MaxPathBytes} at most. Use a shorter one, such as /run/NAME/NAME.sock.");
        }

        if (!Directory.Exists(folder))
        {
            throw Fail(endPoint, $"the folder {folder} does not exist. Create it, or let systemd do it with RuntimeDirectory=.");
        }

        bool isStale = await IsStaleAsync(endPoint, path, ct).ConfigureAwait(false);
        var owner = SocketOwner.Find(settings);
        return Bind(settings, path, folder, owner, isStale);
    }

    /// <summary>Removes the file, unless somebody else has put another in its place. Called while the socket is still open, so that its inode can't have been given to another file.</summary>
    public void RemoveIfOurs()
    {
        if (_isRemoved)
        {
            return;
        }

        _isRemoved = true;
        if (_identity is { } ours && !(LibC.TryStat(_path, out LibC.FileStatus now) && now.Identity == ours))
        {
            return;
        }

        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Rights were given up after the start. The next start finds that nobody answers, and replaces it.
        }
    }

    private static (Socket Socket, SocketFile File) Bind(ListenSettings settings, string path, string folder, SocketOwner owner, bool isStale)
    {
        MilterEndPoint endPoint = settings.EndPoint;
        for (int attempt = 1; ; attempt++)
        {
            string temporary = TemporaryPath(path, folder);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            bool isBound = false;
            try
            {
                socket.Bind(new UnixDomainSocketEndPoint(temporary));
                isBound = true;
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(temporary, settings.SocketMode);
                    owner.Apply(endPoint, temporary);
                }

                socket.Listen();
                File.Move(temporary, path, overwrite: isStale);
                return (socket, new SocketFile(path));
            }
            catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
            {
                socket.Dispose();
                if (isBound)
                {
                    File.Delete(temporary);
                }

                if (!isBound && attempt < Attempts && e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
                {
                    continue;
                }

                throw e is MilterListenException ? e : Fail(endPoint, Explain(e, path, folder), e);
            }
        }
    }

    /// <summary>A name in the same folder that is not longer than <see cref="MaxPathBytes"/> allows.</summary>
    private static string TemporaryPath(string path, string folder)
    {
        int room = MaxPathBytes - Encoding.UTF8.GetByteCount(path) + Encoding.UTF8.GetByteCount(Path.GetFileName(path));

        // Any name that nobody uses: binding fails where somebody does. A name from the cryptography library would load it, for memory and a part of the start that nothing else here needs.
        string name = Path.GetRandomFileName();
        return Path.Combine(folder, name[..Math.Min(room, name.Length)]);
    }

    /// <returns>Whether there is a socket at the path on which nobody answers.</returns>
    private static async Task<bool> IsStaleAsync(MilterEndPoint endPoint, string path, CancellationToken ct)
    {
        if (Directory.Exists(path))
        {
            throw Fail(endPoint, $"{path} is a folder. Add the name of the socket.");
        }

        if (!File.Exists(path))
        {
            return false;
        }

        if (!OperatingSystem.IsLinux() || !LibC.TryStat(path, out LibC.FileStatus status) || !status.IsSocket)
        {
            throw Fail(endPoint, $"{path} exists{(OperatingSystem.IsLinux() ? " and is no socket" : "")}. It is left alone: remove it, or use another path.");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), ct).ConfigureAwait(false);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw Fail(endPoint, $"{path} is a socket of somebody else, and there is no permission to see whether it is in use. Remove it if it is not, or use another path.", e);
        }
        catch (SocketException)
        {
            // Somebody is there, only too busy to answer.
        }

        throw Fail(endPoint, $"another process answers on {path}. Stop it (ss -lxp shows which), or use another path.");
    }

    private static string Explain(Exception e, string path, string folder) => e switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException =>
            $"no permission to make a socket in {folder}. Give the user {Environment.UserName} the folder, or let systemd do it with RuntimeDirectory=.",
        IOException when File.Exists(path) => $"{path} came into being meanwhile. Is the filter started twice?",
        _ => e.Message.TrimEnd('.') + ".",
    };

    internal static MilterListenException Fail(MilterEndPoint endPoint, string message, Exception? e = null) =>
        new($"Can't listen on {endPoint}: {message}", e);
}
