using System.Buffers;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>The frame that is handled: its payload, and the parts of it that handlers are shown.</summary>
internal sealed class StepFrame
{
    private byte[]? _own;
    private int _name;
    private int _start;
    private int _length;
    private long _received;

    public MilterCommand Command { get; private set; }

    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Gets what handlers see: raw address, value, chunk, command.</summary>
    public ReadOnlyMemory<byte> Data => Payload.Slice(_start, _length);

    /// <summary>Gets the name of the header field at HEADER.</summary>
    public ReadOnlyMemory<byte> Name => Payload[.._name];

    /// <summary>Gets a value indicating whether handlers that go on later look at memory of whoever has read the frame.</summary>
    public bool IsBorrowed => _own is null && !Payload.IsEmpty;

    /// <summary>Takes a frame, whose payload is a view of the reader's memory.</summary>
    public void Set(MilterCommand command, ReadOnlyMemory<byte> payload)
    {
        Command = command;
        _received += MilterLimits.FrameHeader + payload.Length;
        if (_own is not null)
        {
            ReturnOwn();
        }

        Payload = payload;
        Show(0, payload.Length);
    }

    /// <summary>Says how many bytes of frames were taken since it was last asked.</summary>
    public long TakeReceived()
    {
        long received = _received;
        _received = 0;
        return received;
    }

    /// <summary>Says which parts of the payload handlers see.</summary>
    /// <param name="start">Where the data begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="name">How long the name is that stands in front.</param>
    public void Show(int start, int length, int name = 0) => (_start, _length, _name) = (start, length, name);

    /// <summary>Copies the payload, before handlers see it that may look at it for longer than the reader's memory stays.</summary>
    public void Own()
    {
        if (IsBorrowed)
        {
            _own = ArrayPool<byte>.Shared.Rent(Payload.Length);
            Payload.CopyTo(_own);
            Payload = _own.AsMemory(0, Payload.Length);
        }
    }

    /// <summary>The step is over, and nobody looks at it any more: a connection at rest holds on to no memory of whoever has read the frame.</summary>
    public void Clear()
    {
        if (_own is not null)
        {
            ReturnOwn();
        }

        Payload = default;
        Show(0, 0);
    }

    /// <summary>Forgets the payload, whose memory is left to handlers that are late, or is used up.</summary>
    public void Abandon()
    {
        _own = null;
        Payload = default;
        Show(0, 0);
    }

    private void ReturnOwn()
    {
        ArrayPool<byte>.Shared.Return(_own!);
        _own = null;
    }
}
