using System.Runtime.InteropServices;

namespace Milter.Transport.Loops;

/// <summary>The calls of the C library that tell what a thread is about. Linux only.</summary>
internal static unsafe partial class LinuxThread
{
    private const int CloseOnExec = 0x8_0000;

    // CLOCK_THREAD_CPUTIME_ID
    private const int OwnClock = 3;

    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>Gets the clock of the processor time that a thread uses; readable from any thread of its process.</summary>
    /// <remarks>The kernel's own numbering (CPUCLOCK_PERTHREAD, CPUCLOCK_SCHED), as <c>pthread_getcpuclockid</c> gives it; that one is in another library where glibc is older than 2.34.</remarks>
    public static int ClockOf(int thread) => (~thread << 3) | 6;

    /// <summary>Gets the processor time that the calling thread has used, in nanoseconds; by the same clock as that of <see cref="ClockOf"/>.</summary>
    public static long Used => ReadClock(OwnClock);

    /// <summary>Reads a clock, in nanoseconds; 0 where it can't be read.</summary>
    public static long ReadClock(int clock)
    {
        // struct timespec: two longs of the machine.
        nint* time = stackalloc nint[2];
        return clock_gettime(clock, time) == 0 ? (time[0] * 1_000_000_000L) + time[1] : 0;
    }

    /// <summary>Opens the kernel's status line of the calling thread.</summary>
    /// <returns>The descriptor; negative where there is none.</returns>
    public static int OpenStatus()
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
    private static partial int clock_gettime(int clock, nint* time);

    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial nint pread(int descriptor, byte* buffer, nint length, nint offset);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
