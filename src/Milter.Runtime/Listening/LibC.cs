using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Milter.Listening;

/// <summary>What .NET does not offer of the C library: owners of files, and what kind of file something is.</summary>
internal static partial class LibC
{
    /// <summary>Leaves owner or group as it is (<c>(uid_t)-1</c>).</summary>
    public const uint Unchanged = uint.MaxValue;

    private const int NoFollow = 0x100;

    // Type, mode, user, inode.
    private const uint StatusMask = 0x1 | 0x2 | 0x8 | 0x100;

    private const int Erange = 34;
    private const int MostBytes = 1 << 20;

    // Room for struct passwd or struct group: 48 and 32 bytes on 64-bit Linux, 72 at most elsewhere.
    private const int StructBytes = 128;

    private unsafe delegate int Lookup(string name, byte* entry, byte* buffer, nuint length, out nint found);

    /// <summary>Sets owner and group of a file, or of a link at the end of the path.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int ChangeOwner(string path, uint user, uint group) => LChown(path, user, group) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Has a descriptor closed in programs that this process starts. Linux only; does nothing where there is no such descriptor.</summary>
    public static void CloseOnExec(int descriptor)
    {
        const int SetFlags = 2, CloseOnExec = 1;
        _ = Fcntl(descriptor, SetFlags, CloseOnExec);
    }

    /// <summary>Looks a user up by name.</summary>
    /// <returns>Its number, or <see langword="null"/> where there is none.</returns>
    public static unsafe uint? FindUser(string name) => Find(name, GetPwNam);

    /// <summary>Looks a group up by name.</summary>
    /// <returns>Its number, or <see langword="null"/> where there is none.</returns>
    public static unsafe uint? FindGroup(string name) => Find(name, GetGrNam);

    /// <summary>Reads which file a path leads to, without following a link at its end. Linux only.</summary>
    /// <returns>Whether there is a file.</returns>
    public static bool TryStat(string path, out FileStatus status)
    {
        const int CurrentFolder = -100;
        try
        {
            return Statx(CurrentFolder, path, NoFollow, StatusMask, out status) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // An old musl.
            status = default;
            return false;
        }
    }

    /// <summary>Says whether a path leads to nothing: that it can't be looked at is no such answer. Only where <see cref="TryStat(string, out FileStatus)"/> works.</summary>
    public static bool IsMissing(string path)
    {
        const int NoSuchFile = 2, NoFolder = 20;
        return !TryStat(path, out _) && Marshal.GetLastPInvokeError() is NoSuchFile or NoFolder;
    }

    /// <summary>Reads which file a name in an open folder is, or with an empty name the folder itself, without following a link. Only where the other of this name works.</summary>
    /// <returns>Whether there is a file.</returns>
    public static bool TryStat(SafeFileHandle folder, string name, out FileStatus status)
    {
        const int EmptyPath = 0x1000;
        return Statx(folder, name, NoFollow | EmptyPath, StatusMask, out status) == 0;
    }

    private static unsafe uint? Find(string name, Lookup lookup)
    {
        byte* entry = stackalloc byte[StructBytes];
        for (int length = 4096; length <= MostBytes; length *= 4)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                fixed (byte* start = buffer)
                {
                    int error = lookup(name, entry, start, (nuint)buffer.Length, out nint found);
                    if (error != Erange)
                    {
                        // Both structs begin with the name, the password and then the number.
                        return error == 0 && found != 0 ? *(uint*)(found + (2 * nint.Size)) : null;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        return null;
    }

    /// <summary>Gets how many file descriptors the process may have; no limit where the system does not say.</summary>
    public static unsafe int MostDescriptors()
    {
        const int Descriptors = 7;
        if (!OperatingSystem.IsLinux())
        {
            return int.MaxValue;
        }

        // struct rlimit: soft and hard.
        nuint* limit = stackalloc nuint[2];
        return GetRLimit(Descriptors, limit) == 0 && limit[0] < int.MaxValue ? (int)limit[0] : int.MaxValue;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static unsafe partial int GetRLimit(int resource, nuint* limit);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LChown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetPwNam(string name, byte* entry, byte* buffer, nuint length, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetGrNam(string name, byte* entry, byte* buffer, nuint length, out nint found);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle folder, string path, int flags, uint mask, out FileStatus status);

    /// <summary><c>struct statx</c>, which has the same layout on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileStatus
    {
        private const int TypeMask = 0xF000, SocketType = 0xC000, FolderType = 0x4000, OthersMask = 0x3F;

        [FieldOffset(20)]
        private readonly uint _user;

        [FieldOffset(28)]
        private readonly ushort _mode;

        [FieldOffset(32)]
        private readonly ulong _inode;

        [FieldOffset(136)]
        private readonly uint _deviceMajor;

        [FieldOffset(140)]
        private readonly uint _deviceMinor;

        public readonly bool IsSocket => (_mode & TypeMask) == SocketType;

        /// <summary>Says whether it is a folder of this user that nobody else can enter.</summary>
        public readonly bool IsPrivate(uint user) => (_mode & (TypeMask | OthersMask)) == FolderType && _user == user;

        public readonly (ulong Inode, uint Major, uint Minor) Identity => (_inode, _deviceMajor, _deviceMinor);
    }
}
