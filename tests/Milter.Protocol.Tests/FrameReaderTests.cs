using System.Buffers.Binary;

namespace Milter.Protocol.Tests;

/// <summary>Protects that a length is judged the moment it is there, as an unsigned number, and never trusted.</summary>
public sealed class FrameReaderTests
{
    [Theory]
    [InlineData(0u, FrameStatus.Empty)]
    [InlineData(1u, FrameStatus.Incomplete)]
    [InlineData(65_536u, FrameStatus.Incomplete)]
    [InlineData(65_537u, FrameStatus.TooLong)]
    [InlineData(0x7FFF_FFFFu, FrameStatus.TooLong)]
    [InlineData(0x8000_0000u, FrameStatus.TooLong)]
    [InlineData(0x8000_0001u, FrameStatus.TooLong)]
    [InlineData(0xFFFF_FFFFu, FrameStatus.TooLong)]
    [InlineData(0x4845_4C4Fu, FrameStatus.TooLong)]
    public void A_length_is_judged_by_its_four_bytes(uint length, FrameStatus expected)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        Assert.Equal(expected, FrameReader.TryRead(bytes, MilterLimits.MaxPayload, out Frame frame, out int needed));
        Assert.Equal(expected == FrameStatus.Incomplete ? (int)length + 4 : 0, needed);
        Assert.True(frame.Payload.IsEmpty);
        Assert.Equal(expected, FrameReader.Measure(bytes, MilterLimits.MaxPayload, out int measured));
        Assert.Equal(needed, measured);
    }

    [Theory]
    [InlineData(0, 1u, FrameStatus.Incomplete)]
    [InlineData(0, 2u, FrameStatus.TooLong)]
    [InlineData(int.MaxValue - 5, 0x7FFF_FFFBu, FrameStatus.Incomplete)]
    [InlineData(int.MaxValue - 5, 0x7FFF_FFFCu, FrameStatus.TooLong)]
    [InlineData(int.MaxValue - 5, 0xFFFF_FFFFu, FrameStatus.TooLong)]
    public void Any_limit_up_to_an_int_holds(int maxPayload, uint length, FrameStatus expected)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        Assert.Equal(expected, FrameReader.TryRead(bytes, maxPayload, out _, out int needed));
        Assert.True(needed >= 0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue - 4)]
    public void A_senseless_limit_is_refused(int maxPayload)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameReader.TryRead([], maxPayload, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameReader.Measure([], maxPayload, out _));
    }

    [Fact]
    public void A_string_ends_at_its_first_NUL_wherever_that_is()
    {
        for (int name = 1; name < 40; name++)
        {
            for (int value = 0; value < 40; value++)
            {
                // In an array that goes on behind it, with NULs and without: what is outside of the payload is nobody's.
                byte[] bytes = [.. Enumerable.Repeat((byte)0, 3), .. Enumerable.Repeat((byte)'n', name), 0, .. Enumerable.Repeat((byte)'v', value), 0, .. "x\0y"u8, .. Enumerable.Repeat((byte)0, 3)];
                foreach (int end in (ReadOnlySpan<int>)[0, 1, 4])
                {
                    // Without its NUL, with it, and with another string behind it.
                    Assert.True(HeaderPayload.TryRead(bytes.AsSpan(3, name + 1 + value + end), out HeaderPayload header, out _));
                    Assert.Equal((name, value), (header.Name.Length, header.Value.Length));
                    Assert.Equal(-1, header.Value.IndexOfAnyExcept((byte)'v'));
                }

                Assert.False(HeaderPayload.TryRead(bytes.AsSpan(3, name), out _, out string? error));
                Assert.Equal("HEADER has no NUL after the name", error);
            }
        }
    }

    [Fact]
    public void Frames_in_one_buffer_are_taken_one_by_one()
    {
        using var buffer = new FrameBuffer();
        CommandWriter.Helo(buffer, "a");
        CommandWriter.Data(buffer);
        CommandWriter.Body(buffer, "xyz"u8);
        ReadOnlySpan<byte> rest = buffer.WrittenSpan;

        var seen = new List<string>();
        while (FrameReader.TryRead(rest, 16, out Frame frame, out int length) == FrameStatus.Complete)
        {
            seen.Add(WireDescription.Of(frame));
            rest = rest[length..];
        }

        Assert.Equal(["H a", "T", "B xyz"], seen);
        Assert.True(rest.IsEmpty);
    }
}
