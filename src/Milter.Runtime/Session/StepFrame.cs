using System.Buffers;
using System.Runtime.CompilerServices;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>The frame that is handled: its payload, and the parts of it that handlers are shown.</summary>
/// <remarks>An array with places in it rather than memories of it: set for every frame, and asked for memory only by handlers.</remarks>
internal sealed class StepFrame
{
    private byte[] _array = [];
    private int _at;
    private int _size;
    private int _name;
    private int _start;
    private int _length;
    private bool _isOwn;

    public MilterCommand Command { get; private set; }

    public ReadOnlySpan<byte> Payload => new(_array, _at, _size);

    /// <summary>Gets what handlers see: raw address, value, chunk, command.</summary>
    public ReadOnlyMemory<byte> Data => new(_array, _at + _start, _length);

    /// <summary>Gets <see cref="Data"/> as bytes.</summary>
    public ReadOnlySpan<byte> DataBytes => new(_array, _at + _start, _length);

    /// <summary>Gets the name of the header field at HEADER.</summary>
    public ReadOnlySpan<byte> Name => new(_array, _at, _name);

    /// <summary>Gets a value indicating whether handlers that go on later look at memory of whoever has read the frame.</summary>
    public bool IsBorrowed => !_isOwn && _size > 0;

    /// <summary>Takes a frame, whose payload is a view of the reader's memory.</summary>
    /// <param name="array">The reader's memory; the command stands before the payload.</param>
    /// <param name="at">Where the payload begins.</param>
    /// <param name="size">How long it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(byte[] array, int at, int size)
    {
        Command = (MilterCommand)array[at - 1];
        if (_isOwn)
        {
            ReturnOwn();
        }

        if (!ReferenceEquals(_array, array))
        {
            // One read has many frames, and a reference that is stored costs more than a look.
            _array = array;
        }

        (_at, _size) = (at, size);
        Show(0, size);
    }

    /// <summary>Says whether these are macros of one of some commands.</summary>
    /// <param name="commands">A bit a command, see <see cref="StepInfo.BitOf"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasMacrosOf(uint commands) => Command == MilterCommand.Macro && _size > 0 && (StepInfo.BitOf(_array[_at]) & commands) != 0;

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
            byte[] own = ArrayPool<byte>.Shared.Rent(_size);
            Payload.CopyTo(own);
            (_array, _at, _isOwn) = (own, 0, true);
        }
    }

    /// <summary>The step is over, and nobody looks at it any more: a connection at rest holds on to no memory of whoever has read the frame.</summary>
    public void Clear()
    {
        if (_isOwn)
        {
            ReturnOwn();
        }

        Abandon();
    }

    /// <summary>Forgets the payload, whose memory is left to handlers that are late, or is used up.</summary>
    public void Abandon()
    {
        (_array, _at, _size, _isOwn) = ([], 0, 0, false);
        Show(0, 0);
    }

    private void ReturnOwn()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _isOwn = false;
    }
}
