using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

namespace Milter.Listening;

/// <summary>The file of a unix socket: made with its mode and owner from the first moment, taken away at the end if it is still ours.</summary>
/// <remarks>
/// The umask belongs to the process, so it can't be used. The socket is bound where nobody looks for it, gets mode and owner, starts to listen,
/// and is renamed into place: nobody ever finds it with other rights, or not yet listening. On Linux that is a <see cref="PrivateFolder"/>.
/// </remarks>
internal sealed class SocketFile : IDisposable
{
    /// <summary>The longest path of a unix socket on Linux: <c>sun_path</c> without the NUL at its end.</summary>
    internal const int MaxPathBytes = 107;

    private const int Attempts = 5;

    // EPERM, EACCES, EEXIST, EMFILE.
    private const int NotPermitted = 1, NotAllowed = 13, Exists = 17, TooManyFiles = 24;

    private readonly string _path;
    private readonly PrivateFolder? _folder;
    private readonly (ulong, uint, uint)? _identity;
    private bool _isRemoved;

    private SocketFile(string path, PrivateFolder? folder = null, (ulong, uint, uint)? identity = null)
    {
        _path = path;
        _folder = folder;
        _identity = identity;
    }

    /// <summary>Opens a listening socket at the endpoint's path.</summary>
    /// <exception cref="MilterListenException">The path can't be used, or somebody answers on it.</exception>
    public static (Socket Socket, SocketFile File) Listen(ListenSettings settings)
    {
        MilterEndPoint endPoint = settings.EndPoint;
        string path = Path.GetFullPath(endPoint.Path!);
        string folder = Path.GetDirectoryName(path) ?? throw Fail(endPoint, "the path is a folder. Add the name of the socket.");
        Check(endPoint, path, folder);
        var owner = SocketOwner.Find(settings);
        try
        {
            // Where the C library is too old to tell whose a file is, the portable way is all there is.
            return OperatingSystem.IsLinux() && LibC.TryStat(folder, out _)
                ? ListenThrough(PrivateFolder.Enter(endPoint, folder, Path.GetFileName(path)), settings, path, owner)
                : ListenBeside(settings, path, folder, owner);
        }
        catch (Exception e) when (e is Win32Exception or UnauthorizedAccessException or (IOException and not MilterListenException))
        {
            throw Fail(endPoint, Explain(e, path, folder), e);
        }
    }

    /// <summary>Gets a value indicating whether the file is gone, and nothing is in its place: no MTA finds the socket any more. Known on Linux only.</summary>
    public bool IsGone => !_isRemoved && _identity is not null && LibC.IsMissing(_path);

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

    /// <summary>Forgets the folder in which the socket was made. To be called after the socket was disposed of.</summary>
    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _folder?.Dispose();
        }
    }

    private static void Check(MilterEndPoint endPoint, string path, string folder)
    {
        int length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxPathBytes)
        {
            throw Fail(endPoint, $"the path has {length} bytes, and a unix socket's has {MaxPathBytes} at most. Use a shorter one, such as /run/NAME/NAME.sock.");
        }

        if (!Directory.Exists(folder))
        {
            throw Fail(endPoint, $"the folder {folder} does not exist. Create it, or let systemd do it with RuntimeDirectory=.");
        }

        if (Directory.Exists(path))
        {
            throw Fail(endPoint, $"{path} is a folder. Add the name of the socket.");
        }
    }

    /// <summary>The way of Linux: nobody can take a hand in it, and of two starts at a time one fails.</summary>
    [SupportedOSPlatform("linux")]
    private static (Socket Socket, SocketFile File) ListenThrough(PrivateFolder room, ListenSettings settings, string path, SocketOwner owner)
    {
        Socket? socket = null;
        try
        {
            bool replaces = room.TryLook(out LibC.FileStatus there);
            if (replaces)
            {
                CheckNobodyAnswers(settings.EndPoint, path, there);
            }

            socket = NewSocket();
            socket.Bind(new UnixDomainSocketEndPoint(room.SocketPath));
            room.SetRights(settings.EndPoint, settings.SocketMode, owner);
            socket.Listen();
            return (socket, new SocketFile(path, room, room.Publish(replaces).Identity));
        }
        catch
        {
            socket?.Dispose();
            room.Dispose();
            throw;
        }
    }

    /// <summary>The way of other systems: under another name in the same folder, and what is at the path stays.</summary>
    private static (Socket Socket, SocketFile File) ListenBeside(ListenSettings settings, string path, string folder, SocketOwner owner)
    {
        if (File.Exists(path))
        {
            throw Fail(settings.EndPoint, $"{path} exists. It is left alone: remove it, or use another path.");
        }

        for (int attempt = 1; ; attempt++)
        {
            string temporary = TemporaryPath(path, folder);
            Socket? socket = null;
            try
            {
                socket = NewSocket();
                socket.Bind(new UnixDomainSocketEndPoint(temporary));
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(temporary, settings.SocketMode);
                    owner.Apply(settings.EndPoint, (user, group) => LibC.ChangeOwner(temporary, user, group));
                }

                socket.Listen();
                File.Move(temporary, path);
                return (socket, new SocketFile(path));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < Attempts)
            {
                socket?.Dispose();
            }
            catch
            {
                // Takes the file with it, if it was bound.
                socket?.Dispose();
                throw;
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

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static void CheckNobodyAnswers(MilterEndPoint endPoint, string path, LibC.FileStatus there)
    {
        if (!there.IsSocket)
        {
            throw Fail(endPoint, $"{path} exists and is no socket. It is left alone: remove it, or use another path.");
        }

        using Socket probe = NewSocket();
        probe.Blocking = false;
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw Fail(endPoint, $"{path} is a socket of somebody else, and there is no permission to see whether it is in use. Remove it if it is not, or use another path.", e);
        }
        catch (SocketException)
        {
            // Somebody is there, only too busy to answer.
        }

        throw Fail(endPoint, $"another process answers on {path}. Stop it (ss -lxp shows which{Answering(probe)}), or use another path.");
    }

    /// <summary>Says which process listens at the other end of a connection, if the system tells.</summary>
    private static string Answering(Socket probe)
    {
        return PeerCredentials.Of(probe) is { Process: > 0 } who ? string.Create(CultureInfo.InvariantCulture, $": {who.Process}") : "";
    }

    private static string Explain(Exception e, string path, string folder) => e switch
    {
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } or Win32Exception { NativeErrorCode: TooManyFiles } => MilterListenException.NoDescriptor,
        SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException or Win32Exception { NativeErrorCode: NotAllowed or NotPermitted } =>
            $"no permission to make a socket in {folder}. Give the user {Environment.UserName} the folder, or let systemd do it with RuntimeDirectory=.",
        Win32Exception { NativeErrorCode: Exists } or IOException when File.Exists(path) => $"{path} came into being meanwhile. Is the filter started twice?",
        _ => e.Message.TrimEnd('.') + ".",
    };

    internal static MilterListenException Fail(MilterEndPoint endPoint, string message, Exception? e = null) =>
        new($"Can't listen on {endPoint}: {message}", e);
}
