using System.Collections.Concurrent;
using Milter.Listening;
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
    private readonly ConcurrentDictionary<int, IEnumerator<byte>> _endless = new();

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

    /// <summary>Has a peer say something again and again, faster than anybody reads, behind what it has to say otherwise.</summary>
    public void Repeat(int descriptor, byte[] bytes) => _endless[descriptor] = Forever(bytes).GetEnumerator();

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
            return _endless.TryGetValue(descriptor, out IEnumerator<byte>? endless) ? Fill(buffer, endless) : -LinuxKernel.Again;
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

    public int Send(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        int sent = 0;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            sent += Send(descriptor, piece.Span);
        }

        return sent;
    }

    public int Accept(int listener, out PeerAddress? peer)
    {
        peer = null;
        return -LinuxKernel.Again;
    }

    public PeerCredentials? AskPeer(int descriptor) => null;

    public void AcknowledgeNow(int descriptor)
    {
    }

    public void Shutdown(int descriptor)
    {
        Check(descriptor, "shut");
        _endless.TryRemove(descriptor, out _);
    }

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

    private static IEnumerable<byte> Forever(byte[] bytes)
    {
        while (true)
        {
            foreach (byte one in bytes)
            {
                yield return one;
            }
        }
    }

    private static int Fill(Span<byte> buffer, IEnumerator<byte> bytes)
    {
        foreach (ref byte one in buffer)
        {
            bytes.MoveNext();
            one = bytes.Current;
        }

        return buffer.Length;
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
