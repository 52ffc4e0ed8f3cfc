using System.Collections.Concurrent;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>A kernel that gives the number of a descriptor out again at once, and tells what it was told to tell, however late.</summary>
internal sealed class FakeKernel : ILoopKernel
{
    private readonly BlockingCollection<LoopEvent[]> _batches = [];
    private readonly ConcurrentDictionary<int, ConcurrentQueue<byte[]>> _input = new();
    private readonly ConcurrentDictionary<int, ConcurrentQueue<byte>> _output = new();
    private readonly SortedSet<int> _free = [.. Enumerable.Range(10, 20)];

    /// <summary>Gets how often each number was closed while it was open, and while it was not.</summary>
    public ConcurrentBag<string> Faults { get; } = [];

    private readonly HashSet<int> _open = [];

    /// <summary>Opens a descriptor: the lowest number that is free, as kernels do.</summary>
    public int Open()
    {
        lock (_free)
        {
            int number = _free.Min;
            _free.Remove(number);
            _open.Add(number);
            _input[number] = new ConcurrentQueue<byte[]>();
            _output[number] = new ConcurrentQueue<byte>();
            return number;
        }
    }

    /// <summary>Has events told in one batch.</summary>
    public void Tell(params LoopEvent[] events) => _batches.Add(events);

    public void Send(int descriptor, byte[] bytes) => _input[descriptor].Enqueue(bytes);

    public byte[] Sent(int descriptor) => [.. _output[descriptor]];

    public int Add(int descriptor, uint events, ulong data) => 0;

    public int Change(int descriptor, uint events, ulong data) => 0;

    public int Wait(Span<LoopEvent> events)
    {
        LoopEvent[] batch = _batches.Take();
        batch.CopyTo(events);
        return batch.Length;
    }

    public void Wake() => _batches.Add([new LoopEvent(LoopEvent.Read, LoopEvent.Woken)]);

    public int Receive(int descriptor, Span<byte> buffer)
    {
        if (!_input[descriptor].TryDequeue(out byte[]? bytes))
        {
            return -LinuxKernel.Again;
        }

        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            _output[descriptor].Enqueue(one);
        }

        return bytes.Length;
    }

    public int Accept(int listener, out PeerAddress peer)
    {
        peer = PeerAddress.Unknown;
        return -LinuxKernel.Again;
    }

    public void AcknowledgeNow(int descriptor)
    {
    }

    public void Shutdown(int descriptor) => Check(descriptor, "shut");

    public void Close(int descriptor)
    {
        Check(descriptor, "closed");
        lock (_free)
        {
            _open.Remove(descriptor);
            _free.Add(descriptor);
        }
    }

    public void Dispose()
    {
    }

    private void Check(int descriptor, string what)
    {
        lock (_free)
        {
            if (!_open.Contains(descriptor))
            {
                Faults.Add($"descriptor {descriptor} is {what} and not open");
            }
        }
    }
}
