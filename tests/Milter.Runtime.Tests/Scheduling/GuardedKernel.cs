using System.Collections.Concurrent;
using Milter.Listening;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>The kernel itself, which keeps a list of who owns a descriptor, and at times has none to give.</summary>
/// <param name="open">The descriptors that were given and not closed; shared by all kernels of a test.</param>
/// <param name="faults">Gets what was done to a descriptor that was nobody's any more: its number may be anybody's.</param>
/// <param name="isShort">Whether the next connection is not to be had, and by which error.</param>
internal sealed class GuardedKernel(ConcurrentDictionary<int, bool> open, ConcurrentBag<string> faults, Func<int> isShort) : ILoopKernel
{
    private readonly LinuxKernel _kernel = new();

    public int Add(int descriptor, uint events, ulong data) => _kernel.Add(Owned(descriptor, "added"), events, data);

    public int Change(int descriptor, uint events, ulong data) => _kernel.Change(Owned(descriptor, "changed"), events, data);

    public int Wait(Span<LoopEvent> events) => _kernel.Wait(events);

    public void Wake() => _kernel.Wake();

    public int Receive(int descriptor, Span<byte> buffer) => _kernel.Receive(Owned(descriptor, "read"), buffer);

    public int Send(int descriptor, ReadOnlySpan<byte> bytes) => _kernel.Send(Owned(descriptor, "written"), bytes);

    public int Send(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces) => _kernel.Send(Owned(descriptor, "written"), pieces);

    public int Accept(int listener, out PeerAddress? peer)
    {
        peer = null;
        if (isShort() is > 0 and var error)
        {
            return -error;
        }

        int descriptor = _kernel.Accept(Owned(listener, "asked"), out peer);
        if (descriptor >= 0 && !open.TryAdd(descriptor, true))
        {
            faults.Add($"{descriptor} was given twice");
        }

        return descriptor;
    }

    public PeerCredentials? AskPeer(int descriptor) => _kernel.AskPeer(Owned(descriptor, "asked for its peer"));

    public void AcknowledgeNow(int descriptor) => _kernel.AcknowledgeNow(Owned(descriptor, "acknowledged"));

    public void Shutdown(int descriptor) => _kernel.Shutdown(Owned(descriptor, "shut"));

    public void Close(int descriptor)
    {
        // Off the list first: from the call on the number is whoever's.
        if (!open.TryRemove(descriptor, out _))
        {
            faults.Add($"{descriptor} was closed, and was nobody's");
        }

        _kernel.Close(descriptor);
    }

    public void Dispose() => _kernel.Dispose();

    private int Owned(int descriptor, string what)
    {
        if (!open.ContainsKey(descriptor))
        {
            faults.Add($"{descriptor} was {what}, and was nobody's");
        }

        return descriptor;
    }
}
