using System.Buffers;

namespace Milter.Protocol.Tests;

/// <summary>Protects the output buffer: growth keeps what was written, rollback drops it, memory is given back once.</summary>
public sealed class FrameBufferTests
{
    [Fact]
    public void Rents_nothing_before_the_first_write()
    {
        using var buffer = new FrameBuffer();
        Assert.Equal(0, buffer.Capacity);
        Assert.True(buffer.WrittenSpan.IsEmpty);
        Assert.True(buffer.WrittenMemory.IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameBuffer(-1));
    }

    [Fact]
    public void Growth_keeps_what_was_written()
    {
        using var buffer = new FrameBuffer(16);
        var expected = new List<byte>();
        for (int i = 0; i < 500; i++)
        {
            byte[] payload = GoldenVectors.Filler(i);
            buffer.WriteFrame((byte)'B', payload);
            expected.AddRange([0, 0, (byte)((i + 1) >> 8), (byte)(i + 1), (byte)'B', .. payload]);
        }

        Assert.Equal(expected, buffer.WrittenSpan.ToArray());
        Assert.Equal(expected, buffer.WrittenMemory.ToArray());
        Assert.Equal(expected.Count, buffer.Length);
    }

    [Fact]
    public void Works_as_a_buffer_writer()
    {
        using var buffer = new FrameBuffer();
        buffer.Write("ab"u8);
        "cd"u8.CopyTo(buffer.GetSpan(2));
        buffer.Advance(2);
        "e"u8.CopyTo(buffer.GetMemory().Span);
        buffer.Advance(1);
        Assert.Equal("abcde"u8, buffer.WrittenSpan);
        Assert.False(buffer.GetSpan().IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(buffer.Capacity));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.GetMemory(-1));
    }

    [Fact]
    public void Truncate_takes_back_what_came_after()
    {
        using var buffer = new FrameBuffer();
        ReplyWriter.Write(buffer, MilterReply.Continue);
        int mark = buffer.Length;
        ReplyWriter.Write(buffer, MilterReply.Accept);
        buffer.Truncate(mark);
        Assert.Equal(new byte[] { 0, 0, 0, 1, (byte)'c' }, buffer.WrittenSpan.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(mark + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(-1));
    }

    [Fact]
    public void Trim_gives_back_a_large_array_of_an_empty_buffer_only()
    {
        using var buffer = new FrameBuffer();
        buffer.WriteFrame((byte)'b', new byte[50_000]);
        int large = buffer.Capacity;
        buffer.Trim(4_096);
        Assert.Equal(large, buffer.Capacity);
        buffer.Clear();
        buffer.Trim(large);
        Assert.Equal(large, buffer.Capacity);
        buffer.Trim(4_096);
        Assert.Equal(0, buffer.Capacity);
        buffer.WriteFrame((byte)'c');
        Assert.Equal(5, buffer.Length);
    }

    [Fact]
    public void A_very_large_array_is_not_left_in_the_pool()
    {
        var buffer = new FrameBuffer();
        buffer.WriteFrame((byte)'b', new byte[3 << 20]);
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(buffer.WrittenMemory, out ArraySegment<byte> used));
        buffer.Dispose();

        byte[] rented = System.Buffers.ArrayPool<byte>.Shared.Rent(used.Array!.Length);
        Assert.NotSame(used.Array, rented);
    }

    [Fact]
    public void Writing_after_dispose_fails()
    {
        var buffer = new FrameBuffer(64);
        buffer.WriteFrame((byte)'c');
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(0, buffer.Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.WriteFrame((byte)'c'));
        Assert.Throws<ObjectDisposedException>(() => buffer.GetMemory());
    }
}
