using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Milter.Transport.Epoll;

/// <summary>The few calls of the C library that the loop makes. Linux only.</summary>
/// <remarks>Arguments are blittable and errors are read by <see cref="Marshal.GetLastSystemError"/> right after the call, so that a call costs its transition and no more.</remarks>
internal static unsafe partial class EpollNative
{
    public const uint In = 0x1, Out = 0x4, Error = 0x8, HangUp = 0x10, PeerHangUp = 0x2000, EdgeTriggered = 0x8000_0000;
    public const int Add = 1, Delete = 2, Modify = 3;
    public const int Again = 11, Interrupted = 4;

    private const int CloseOnExec = 0x8_0000;
    private const int NoSignal = 0x4000;

    /// <summary>Gets the bytes of one event: the kernel packs the structure on x86 and nowhere else.</summary>
    public static int EventSize { get; } = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    public static int Create() => epoll_create1(CloseOnExec);

    public static int Control(int epoll, int operation, int descriptor, uint events, int data)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = events;
        Unsafe.WriteUnaligned(entry + EventSize - sizeof(ulong), (ulong)(uint)data);
        return epoll_ctl(epoll, operation, descriptor, entry);
    }

    public static int Wait(int epoll, byte* events, int count, int milliseconds) => epoll_wait(epoll, events, count, milliseconds);

    public static (uint Events, int Data) Read(byte* events, int index)
    {
        byte* entry = events + (index * EventSize);
        return (*(uint*)entry, (int)Unsafe.ReadUnaligned<ulong>(entry + EventSize - sizeof(ulong)));
    }

    public static nint Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return recv(descriptor, start, buffer.Length, 0);
        }
    }

    public static nint Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return send(descriptor, start, bytes.Length, NoSignal);
        }
    }

    /// <summary>Makes a descriptor that is always ready to be read, to wake a loop.</summary>
    public static int CreateSignal() => eventfd(1, CloseOnExec);

    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>Acknowledges what was read at once: <see cref="TcpSocket.AcknowledgeNow"/> without its cost.</summary>
    public static void AcknowledgeNow(int descriptor)
    {
        const int TcpLevel = 6, QuickAck = 12;
        int on = 1;
        _ = setsockopt(descriptor, TcpLevel, QuickAck, &on, sizeof(int));
    }

    /// <summary>Gets the clock of the processor time that a thread uses; readable from any thread of its process.</summary>
    /// <remarks>The kernel's own numbering (CPUCLOCK_PERTHREAD, CPUCLOCK_SCHED), as <c>pthread_getcpuclockid</c> gives it; that one is in another library where glibc is older than 2.34.</remarks>
    public static int ClockOf(int thread) => (~thread << 3) | 6;

    /// <summary>Reads a clock, in nanoseconds; 0 where it can't be read.</summary>
    public static long ReadClock(int clock)
    {
        // struct timespec: two longs of the machine.
        nint* time = stackalloc nint[2];
        return clock_gettime(clock, time) == 0 ? (time[0] * 1_000_000_000L) + time[1] : 0;
    }

    /// <summary>Opens the kernel's status line of the calling thread.</summary>
    /// <returns>The descriptor; negative where there is none.</returns>
    public static int OpenThreadStatus()
    {
        fixed (byte* path = "/proc/thread-self/stat\0"u8)
        {
            return open(path, CloseOnExec, 0);
        }
    }

    /// <summary>Reads the beginning of a status line.</summary>
    /// <returns>The number of bytes; 0 or less where it can't be read.</returns>
    public static int ReadStatus(int descriptor, Span<byte> text)
    {
        fixed (byte* start = text)
        {
            return (int)pread(descriptor, start, text.Length, 0);
        }
    }

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport("libc")]
    private static partial int epoll_wait(int epoll, byte* events, int count, int timeout);

    [LibraryImport("libc")]
    private static partial nint recv(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc")]
    private static partial nint send(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport("libc")]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, int length);

    [LibraryImport("libc")]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, nint* time);

    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial nint pread(int descriptor, byte* buffer, nint length, nint offset);
}
