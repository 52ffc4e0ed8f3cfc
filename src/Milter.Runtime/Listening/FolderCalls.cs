using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Milter.Listening;

/// <summary>Calls of the C library on a name <em>in an open folder</em>, which nobody can swap for another folder. None of them follows a link at the end. Linux only.</summary>
[SupportedOSPlatform("linux")]
internal static partial class FolderCalls
{
    public const int NoSuchName = 2, Exists = 17;

    private const int CurrentFolder = -100, WouldBlock = 11;
    private const int PathOnly = 0x20_0000, CloseOnExec = 0x8_0000;
    private const int NoFollowAt = 0x100, RemoveFolderAt = 0x200;
    private const int Exclusive = 2, DoNotWait = 4, Unlock = 8;

    // O_DIRECTORY and O_NOFOLLOW are two of the few flags whose values differ between architectures.
    private static readonly bool s_hasOtherFlags = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 or Architecture.Ppc64le;
    private static readonly int s_folder = s_hasOtherFlags ? 0x4000 : 0x1_0000;
    private static readonly int s_noFollow = s_hasOtherFlags ? 0x8000 : 0x2_0000;

    /// <summary>Opens a folder by its path, to use names in it. Needs no right to read it.</summary>
    /// <exception cref="Win32Exception">It can't be opened.</exception>
    public static SafeFileHandle Open(string path)
    {
        SafeFileHandle folder = OpenAt(CurrentFolder, path, PathOnly | s_folder | CloseOnExec);
        return folder.IsInvalid ? throw Failure() : folder;
    }

    /// <summary>Opens a folder in a folder, so that it can be locked.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int TryOpen(SafeFileHandle folder, string name, out SafeFileHandle inner)
    {
        inner = OpenAt(folder, name, s_folder | s_noFollow | CloseOnExec);
        return inner.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Makes a folder that only this user can enter, unless there is something of that name.</summary>
    /// <exception cref="Win32Exception">It can't be made.</exception>
    public static void Make(SafeFileHandle folder, string name)
    {
        const uint OwnerOnly = 0x1C0;
        if (MakeAt(folder, name, OwnerOnly) != 0 && Marshal.GetLastPInvokeError() != Exists)
        {
            throw Failure();
        }
    }

    /// <summary>Locks a folder for this process, until it is unlocked, closed, or the process ends.</summary>
    /// <returns>Whether nobody else has it. A file system that knows no locks counts as that.</returns>
    public static bool TryLock(SafeFileHandle folder) => Lock(folder, Exclusive | DoNotWait) == 0 || Marshal.GetLastPInvokeError() != WouldBlock;

    /// <summary>Gives the lock back.</summary>
    public static void GiveBack(SafeFileHandle folder) => _ = Lock(folder, Unlock);

    /// <summary>Sets the mode of a file. Follows a link: for folders that nobody else can enter.</summary>
    /// <exception cref="Win32Exception">It can't be set.</exception>
    public static void SetMode(SafeFileHandle folder, string name, UnixFileMode mode) => Check(ModeAt(folder, name, (uint)mode, 0));

    /// <summary>Sets owner and group of a file.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int ChangeOwner(SafeFileHandle folder, string name, uint user, uint group) =>
        OwnerAt(folder, name, user, group, NoFollowAt) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Gives a file a second name, which is not there yet.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int TryLink(SafeFileHandle from, string name, SafeFileHandle to, string newName) =>
        LinkAt(from, name, to, newName, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Moves a file, over another of that name if there is one.</summary>
    /// <exception cref="Win32Exception">It can't be moved.</exception>
    public static void Move(SafeFileHandle from, string name, SafeFileHandle to, string newName) => Check(RenameAt(from, name, to, newName));

    /// <summary>Removes a file, if it is there and can be removed.</summary>
    public static void Remove(SafeFileHandle folder, string name) => _ = UnlinkAt(folder, name, 0);

    /// <summary>Removes an empty folder, if it is there and can be removed.</summary>
    public static void RemoveFolder(SafeFileHandle folder, string name) => _ = UnlinkAt(folder, name, RemoveFolderAt);

    /// <summary>The user as which this process acts on files.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw Failure();
        }
    }

    private static Win32Exception Failure() => new(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle OpenAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle OpenAt(SafeFileHandle folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeAt(SafeFileHandle folder, string name, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fchmodat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ModeAt(SafeFileHandle folder, string name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchownat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OwnerAt(SafeFileHandle folder, string name, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "linkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LinkAt(SafeFileHandle folder, string name, SafeFileHandle newFolder, string newName, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int RenameAt(SafeFileHandle folder, string name, SafeFileHandle newFolder, string newName);

    [LibraryImport("libc", EntryPoint = "unlinkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int UnlinkAt(SafeFileHandle folder, string name, int flags);
}
