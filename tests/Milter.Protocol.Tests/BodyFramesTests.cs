using System.Runtime.InteropServices;

namespace Milter.Protocol.Tests;

/// <summary>Protects bodies that filters write in pieces: every byte arrives, in frames that any MTA takes, and none is copied a second time.</summary>
public sealed class BodyFramesTests
{
    private const int Payload = 10;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Payload - 1)]
    [InlineData(Payload)]
    [InlineData(Payload + 1)]
    [InlineData(3 * Payload)]
    [InlineData(1_000)]
    public void In_whatever_pieces_it_comes_the_frames_are_those_of_the_whole(int length)
    {
        byte[] body = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        using var expected = new FrameBuffer();
        expected.WriteFrame(1, "before"u8);
        ReplyWriter.ReplaceBody(expected, body, Payload);
        for (int piece = 1; piece <= length + 1; piece = (2 * piece) + 1)
        {
            using var frames = new BodyFrames(Payload);
            using var output = new FrameBuffer();
            output.WriteFrame(1, "before"u8);
            foreach (byte[] part in body.Chunk(piece))
            {
                frames.Append(part);
            }

            frames.MoveTo(output);

            Assert.Equal(expected.WrittenSpan.ToArray(), output.WrittenSpan.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(100_000)]
    public void What_comes_before_stays_before(int before)
    {
        using var frames = new BodyFrames();
        using var output = new FrameBuffer();
        byte[] first = new byte[before];
        first.AsSpan().Fill((byte)'x');
        first.CopyTo(output.GetSpan(before));
        output.Advance(before);

        for (int message = 0; message < 3; message++)
        {
            frames.Append("the body"u8);
            frames.MoveTo(output);
        }

        Assert.Equal(before + (3 * 13), output.Length);
        Assert.Equal(first, output.WrittenSpan[..before].ToArray());
        Assert.Equal("\0\0\0\u0009bthe body"u8.ToArray(), output.WrittenSpan[^13..].ToArray());
        Assert.True(frames.IsEmpty);
    }

    [Fact]
    public void The_body_is_handed_over_and_not_copied()
    {
        using var body = new FrameBuffer();
        using var output = new FrameBuffer();
        output.WriteFrame(1, "a header edit"u8);
        body.LeaveFront(64);
        body.WriteFrame(2, new byte[10_000]);
        byte[] array = ArrayOf(body);

        output.TakeFrom(body);
        output.WriteFrame(3);

        Assert.Same(array, ArrayOf(output));
        Assert.Equal(18 + 10_005 + 5, output.Length);
        Assert.Equal((byte)1, output.WrittenSpan[4]);
        Assert.Equal((byte)2, output.WrittenSpan[18 + 4]);
        Assert.Equal(0, body.Length);
    }

    [Fact]
    public void A_front_that_is_too_small_costs_a_copy_and_no_byte()
    {
        using var body = new FrameBuffer();
        using var output = new FrameBuffer();
        output.WriteFrame(1, "a header edit"u8);
        body.LeaveFront(17);
        body.WriteFrame(2, "body"u8);

        output.TakeFrom(body);

        Assert.Equal("\0\0\0\u000e\u0001a header edit\0\0\0\u0005\u0002body"u8.ToArray(), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void With_a_front_all_else_is_as_without()
    {
        using var buffer = new FrameBuffer();
        buffer.LeaveFront(100);
        buffer.WriteFrame(1, "one"u8);
        int length = buffer.Length;
        buffer.WriteFrame(2, new byte[5_000]);
        buffer.Truncate(length);
        buffer.Trim(0);

        Assert.Equal("\0\0\0\u0004\u0001one"u8.ToArray(), buffer.WrittenSpan.ToArray());
        Assert.Equal(buffer.WrittenSpan.ToArray(), buffer.WrittenMemory.ToArray());
        buffer.Clear();
        Assert.Equal(0, buffer.Length);
        buffer.Trim(0);
        Assert.Equal(0, buffer.Capacity);
    }

    [Fact]
    public void Its_last_byte_is_known()
    {
        using var frames = new BodyFrames(Payload);
        Assert.False(frames.EndsWith((byte)MilterReply.ReplaceBody));
        frames.Append("0123456789"u8);
        Assert.True(frames.EndsWith((byte)'9'));
        frames.Append([]);
        Assert.True(frames.EndsWith((byte)'9'));
        frames.Clear();
        Assert.False(frames.EndsWith((byte)'9'));
    }

    [Fact]
    public void A_frame_without_room_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new BodyFrames(0));

    private static byte[] ArrayOf(FrameBuffer buffer) =>
        MemoryMarshal.TryGetArray(buffer.WrittenMemory, out ArraySegment<byte> segment) ? segment.Array! : [];
}
