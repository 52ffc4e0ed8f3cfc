using System.ComponentModel;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Milter.Listening;

/// <summary>A folder beside a unix socket, for the time of a start: only this user can enter it, and only one start at a time can be in it. Linux only.</summary>
/// <remarks>
/// The socket's own folder may belong to a lesser user, who can swap what a name means at any moment. What a filter that runs as root did there by name
/// (owner, mode), it could be made to do to a file of that user's choice. In here nobody swaps anything, and the way in and out leads through open folders, not paths.
/// The lock makes one step of seeing that nobody answers and of taking the place. It belongs to the process: one that dies leaves an empty folder, which the next start uses.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class PrivateFolder : IDisposable
{
    private const string Descriptors = "/proc/self/fd";
    private const string ShortName = "s";
    private const int Attempts = 10;

    // EACCES, ENOTDIR, ELOOP: what stands in the folder's place is somebody else's, a file, a link.
    private const int NotAllowed = 13, NoFolder = 20, Link = 40;

    private readonly SafeFileHandle _outer;
    private readonly SafeFileHandle _inner;
    private readonly string _name;
    private readonly string _folderName;
    private readonly string _socketName;
    private bool _isLeft;

    private PrivateFolder(SafeFileHandle outer, SafeFileHandle inner, string path, string name)
    {
        _outer = outer;
        _inner = inner;
        _name = name;
        _folderName = NameFor(name);

        // The file's own name if there is room for it: it is what ss and lsof tell. Through the descriptor, so that no length of a path and no swapped name matters.
        string number = ((int)inner.DangerousGetHandle()).ToString(CultureInfo.InvariantCulture);
        string folder = Directory.Exists(Descriptors) ? $"{Descriptors}/{number}" : path;
        _socketName = Encoding.UTF8.GetByteCount(folder) + 1 + Encoding.UTF8.GetByteCount(name) <= SocketFile.MaxPathBytes ? name : ShortName;
        SocketPath = $"{folder}/{_socketName}";

        // What a start that died has left.
        FolderCalls.Remove(inner, _socketName);
    }

    /// <summary>Gets the path to bind the socket to.</summary>
    public string SocketPath { get; }

    /// <summary>Makes the folder, or takes one that a start has left behind, and locks it.</summary>
    /// <param name="endPoint">The endpoint, for messages.</param>
    /// <param name="folder">The socket's folder.</param>
    /// <param name="name">The socket's name in it.</param>
    /// <exception cref="MilterListenException">Another start is at work, or the folder is somebody else's.</exception>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public static PrivateFolder Enter(MilterEndPoint endPoint, string folder, string name)
    {
        string path = Path.Combine(folder, NameFor(name));
        SafeFileHandle outer = FolderCalls.Open(folder);
        try
        {
            // Another start may remove the folder at its end after we have opened it: then what we have locked is nobody's.
            for (int attempt = 1; attempt <= Attempts; attempt++)
            {
                if (TryEnter(endPoint, outer, path) is { } inner)
                {
                    return new PrivateFolder(outer, inner, path, name);
                }
            }

            throw SocketFile.Fail(endPoint, $"{path} is taken away again and again. Is the filter started many times at once?");
        }
        catch
        {
            outer.Dispose();
            throw;
        }
    }

    /// <summary>Looks which file has the socket's name now.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryLook(out LibC.FileStatus status) => LibC.TryStat(_outer, _name, out status);

    /// <summary>Gives the socket, which is bound, its mode and owner.</summary>
    /// <exception cref="MilterListenException">The process may not give it to that owner.</exception>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public void SetRights(MilterEndPoint endPoint, UnixFileMode mode, SocketOwner owner)
    {
        FolderCalls.SetMode(_inner, _socketName, mode);
        owner.Apply(endPoint, (user, group) => FolderCalls.ChangeOwner(_inner, _socketName, user, group));
    }

    /// <summary>Puts the socket in its place, leaves the folder and removes it.</summary>
    /// <param name="replaces">Whether it takes the place of a socket; without, a file that has come meanwhile is left alone.</param>
    /// <returns>What the socket's file is.</returns>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public LibC.FileStatus Publish(bool replaces)
    {
        LibC.TryStat(_inner, _socketName, out LibC.FileStatus status);
        int error = replaces ? 0 : FolderCalls.TryLink(_inner, _socketName, _outer, _name);
        if (error == FolderCalls.Exists)
        {
            throw new Win32Exception(error);
        }

        // Some file systems have no links, and a process that may give files away may not always link what it gave: looking first is all there is then.
        bool isLinked = !replaces && error == 0;
        if (!isLinked)
        {
            if (!replaces && TryLook(out _))
            {
                throw new Win32Exception(FolderCalls.Exists);
            }

            FolderCalls.Move(_inner, _socketName, _outer, _name);
        }

        Leave();
        return status;
    }

    /// <summary>Leaves the folder if that was not done, and forgets it. To be called after the socket was disposed of, which deletes <see cref="SocketPath"/>: until then the number must mean this folder.</summary>
    public void Dispose()
    {
        Leave();
        _inner.Dispose();
        _outer.Dispose();
    }

    private static string NameFor(string name) => $".{name}.start";

    private static SafeFileHandle? TryEnter(MilterEndPoint endPoint, SafeFileHandle outer, string path)
    {
        string name = Path.GetFileName(path);
        FolderCalls.Make(outer, name);
        int error = FolderCalls.TryOpen(outer, name, out SafeFileHandle inner);
        bool isIn = false;
        try
        {
            if (error == FolderCalls.NoSuchName)
            {
                return null;
            }

            if (error is not (0 or NotAllowed or NoFolder or Link))
            {
                throw new Win32Exception(error);
            }

            if (error != 0 || !LibC.TryStat(inner, "", out LibC.FileStatus status) || !status.IsPrivate(FolderCalls.EffectiveUser()))
            {
                throw SocketFile.Fail(endPoint, $"{path}, in which the socket is made, is not this user's alone. Remove it; where it comes back, somebody else who can write to the folder makes it.", error == 0 ? null : new Win32Exception(error));
            }

            if (!FolderCalls.TryLock(inner))
            {
                throw SocketFile.Fail(endPoint, $"another filter is starting on it at this moment (it has locked {path}). Is the filter started twice?");
            }

            isIn = LibC.TryStat(outer, name, out LibC.FileStatus named) && named.Identity == status.Identity;
            return isIn ? inner : null;
        }
        finally
        {
            if (!isIn)
            {
                inner.Dispose();
            }
        }
    }

    private void Leave()
    {
        if (_isLeft)
        {
            return;
        }

        _isLeft = true;
        FolderCalls.Remove(_inner, _socketName);
        FolderCalls.RemoveFolder(_outer, _folderName);
        FolderCalls.GiveBack(_inner);
    }
}
