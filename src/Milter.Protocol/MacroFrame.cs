using System.Buffers.Binary;

namespace Milter.Protocol;

/// <summary>A MACRO frame to which macros are added one by one; made by <see cref="CommandWriter.BeginMacros"/>.</summary>
/// <remarks>The frame is whole after every <see cref="Add(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>: there is nothing to finish.</remarks>
internal readonly struct MacroFrame
{
    private readonly FrameBuffer _buffer;
    private readonly int _start;

    internal MacroFrame(FrameBuffer buffer, int start)
    {
        _buffer = buffer;
        _start = start;
    }

    /// <summary>Adds a macro.</summary>
    /// <param name="name">The name, with braces when longer than one letter; not empty, without NUL.</param>
    /// <param name="value">The value; may be empty; without NUL.</param>
    /// <exception cref="ArgumentException">Name or value can't be framed, or the payload would exceed <see cref="MilterLimits.MaxPayload"/>. The frame is then as before.</exception>
    /// <exception cref="InvalidOperationException">The frame is no longer the last thing in its buffer.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Payload.CheckNotEmpty(name, "macro name", nameof(name));
        Payload.CheckText(value, "macro value", nameof(value));
        int before = CheckLast();
        int added = Payload.Size(before + name.Length + 1L + value.Length + 1L) - before;
        Payload.PutText(Payload.PutText(_buffer.ExtendFrame(_start, added), name), value);
    }

    /// <summary>Adds a macro, its text written by <see cref="WireText"/>.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public void Add(string name, string value)
    {
        using var nameBytes = new ScratchText(name, stackalloc byte[ScratchText.StackBytes], nameof(name));
        using var valueBytes = new ScratchText(value, stackalloc byte[ScratchText.StackBytes], nameof(value));
        Add(nameBytes.Bytes, valueBytes.Bytes);
    }

    private int CheckLast()
    {
        ReadOnlySpan<byte> frame = _buffer is null ? default : _buffer.WrittenSpan[Math.Min(_start, _buffer.Length)..];
        if (frame.Length < MilterLimits.FrameHeader || BinaryPrimitives.ReadUInt32BigEndian(frame) != (uint)frame.Length - 4)
        {
            throw new InvalidOperationException("The macro frame is no longer the last in its buffer. Add all macros before anything else is written, cleared or sent.");
        }

        return frame.Length - MilterLimits.FrameHeader;
    }
}
