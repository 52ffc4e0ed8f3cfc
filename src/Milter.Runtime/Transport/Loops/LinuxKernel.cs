using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Milter.Listening;
using Milter.Output;

namespace Milter.Transport.Loops;

/// <summary>The kernel itself: epoll and sockets by the C library.</summary>
/// <remarks>Arguments are blittable and errors are read right after the call, so that a call costs its transition and no more.</remarks>
internal sealed unsafe partial class LinuxKernel : ILoopKernel
{
    public const int Again = 11, Interrupted = 4;

    private const int BadDescriptor = 9;

    private const int AddOperation = 1, ChangeOperation = 3;
    private const int CloseOnExec = 0x8_0000, NonBlocking = 0x800, NoSignal = 0x4000, Both = 2;
    private const int Inet = 2, Inet6 = 10;
    private const int SocketLevel = 1, KeepAlive = 9, TcpLevel = 6, NoDelay = 1, QuickAck = 12;
    private const int MostEvents = 256;

    // Pinned, so that the kernel writes into it without a pin for each wait.
    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(MostEvents * 16, pinned: true);
    private readonly int _epoll;
    private readonly int _signal = -1;

    // Late handlers may tell of themselves when the loop is gone, and its descriptors are somebody else's.
    private readonly object _gate = new();
    private bool _isClosed;

    /// <exception cref="IOException">The process has no file descriptors left.</exception>
    public LinuxKernel()
    {
        _epoll = Check(epoll_create1(CloseOnExec), "epoll_create1");
        try
        {
            // Each write to it is a change, and so an event of its own: nobody has to read it.
            _signal = Check(eventfd(0, CloseOnExec | NonBlocking), "eventfd");
            Check(Add(_signal, LoopEvent.Read | LoopEvent.OnceAChange, LoopEvent.Woken), "epoll_ctl");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the bytes of one event: the kernel packs the structure on x86 and nowhere else.</summary>
    private static int EventSize { get; } = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    public int Add(int descriptor, uint events, ulong data) => Control(AddOperation, descriptor, events, data);

    public int Change(int descriptor, uint events, ulong data) => Control(ChangeOperation, descriptor, events, data);

    public int Wait(Span<LoopEvent> events)
    {
        fixed (byte* start = _events)
        {
            int count = Result(epoll_wait(_epoll, start, Math.Min(events.Length, MostEvents), -1));
            for (int i = 0; i < count; i++)
            {
                byte* entry = start + (i * EventSize);
                events[i] = new LoopEvent(*(uint*)entry, Unsafe.ReadUnaligned<ulong>(entry + EventSize - sizeof(ulong)));
            }

            return count;
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            ulong one = 1;
            _ = _isClosed ? 0 : write(_signal, &one, sizeof(ulong));
        }
    }

    public int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return Result((int)recv(descriptor, start, buffer.Length, 0));
        }
    }

    public int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Result((int)send(descriptor, start, bytes.Length, NoSignal));
        }
    }

    public int Send(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        Vector* vectors = stackalloc Vector[IGatheringSink.MostPieces];
        var pins = default(Pins);
        try
        {
            for (int i = 0; i < pieces.Length; i++)
            {
                pins[i] = pieces[i].Pin();
                vectors[i] = new Vector { Start = pins[i].Pointer, Length = (nuint)pieces[i].Length };
            }

            var message = new Message { Vectors = vectors, VectorCount = (nuint)pieces.Length };
            return Result((int)sendmsg(descriptor, &message, NoSignal));
        }
        finally
        {
            for (int i = 0; i < pieces.Length; i++)
            {
                pins[i].Dispose();
            }
        }
    }

    public int Accept(int listener, out PeerAddress? peer)
    {
        const int Most = 128;
        byte* address = stackalloc byte[Most];
        int length = Most;
        int descriptor = Result(accept4(listener, address, &length, NonBlocking | CloseOnExec));
        peer = descriptor < 0 ? null : Read(new ReadOnlySpan<byte>(address, Math.Min(length, Most)));
        if (peer is not null)
        {
            // Fails where the peer has left already: the first read will say so.
            Set(descriptor, TcpLevel, NoDelay);
            Set(descriptor, SocketLevel, KeepAlive);
        }

        return descriptor;
    }

    /// <summary>Acknowledges what was read at once: <see cref="Listening.TcpSocket.AcknowledgeNow"/> without its cost.</summary>
    public void AcknowledgeNow(int descriptor) => Set(descriptor, TcpLevel, QuickAck);

    public void Shutdown(int descriptor) => _ = shutdown(descriptor, Both);

    public void Close(int descriptor) => _ = close(descriptor);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            if (_signal >= 0)
            {
                Close(_signal);
            }

            Close(_epoll);
        }
    }

    // struct sockaddr_in, sockaddr_in6.
    private static PeerAddress? Read(ReadOnlySpan<byte> address)
    {
        int family = address.Length >= 2 ? MemoryMarshal.Read<ushort>(address) : 0;
        int port = family is Inet or Inet6 ? BinaryPrimitives.ReadUInt16BigEndian(address[2..]) : 0;
        return family switch
        {
            Inet => new PeerAddress(address.Slice(4, 4).ToArray(), port, 0),
            Inet6 => new PeerAddress(address.Slice(8, 16).ToArray(), port, MemoryMarshal.Read<uint>(address[24..])),
            _ => null,
        };
    }

    public PeerCredentials? AskPeer(int descriptor)
    {
        PeerCredentials who;
        int length = sizeof(PeerCredentials);
        return getsockopt(descriptor, PeerCredentials.Level, PeerCredentials.Option, &who, &length) == 0 ? who : null;
    }

    private static void Set(int descriptor, int level, int option)
    {
        int on = 1;
        _ = setsockopt(descriptor, level, option, &on, sizeof(int));
    }

    private static int Result(int result) => result >= 0 ? result : -Marshal.GetLastSystemError();

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call} failed with error {(result == -1 ? Marshal.GetLastSystemError() : -result)}: the process may have too few file descriptors (LimitNOFILE=, ulimit -n)");

    private int Control(int operation, int descriptor, uint events, ulong data)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = events;
        Unsafe.WriteUnaligned(entry + EventSize - sizeof(ulong), data);
        return _isClosed ? -BadDescriptor : Result(epoll_ctl(_epoll, operation, descriptor, entry));
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
    private static partial nint sendmsg(int descriptor, Message* message, int flags);

    [LibraryImport("libc")]
    private static partial int accept4(int listener, byte* address, int* length, int flags);

    [LibraryImport("libc")]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, int length);

    [LibraryImport("libc")]
    private static partial int getsockopt(int descriptor, int level, int option, void* value, int* length);

    [LibraryImport("libc")]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, void* bytes, nint length);

    [LibraryImport("libc")]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [InlineArray(IGatheringSink.MostPieces)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
