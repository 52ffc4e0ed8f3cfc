using System.Buffers.Binary;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Fuzz;

/// <summary>Changes an input a little, at random: bytes, lengths, and whole frames, since most of what is only bytes never gets past the first frame.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[] s_codes = [.. "ODCHMRTLNBEUAQK"u8, 0, 0xFF];
    private static readonly uint[] s_lengths = [0, 1, 2, 0xFFFF, 0x10000, 0x10001, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    public byte[] Next()
    {
        byte[] input = [.. corpus[random.Next(corpus.Count)]];
        for (int left = 1 + random.Next(8); left > 0; left--)
        {
            input = Change(input);
        }

        return input;
    }

    private byte[] Change(byte[] input)
    {
        if (input.Length <= FuzzInput.Head)
        {
            return [.. input, .. Foreign()];
        }

        List<Range> frames = Frames(input);
        Range frame = frames[random.Next(frames.Count)];
        int at = random.Next(FuzzInput.Head, input.Length);
        switch (random.Next(10))
        {
            case 0:
                input[at] ^= (byte)(1 << random.Next(8));
                return input;
            case 1:
                input[at] = (byte)random.Next(256);
                return input;
            case 2:
                input[random.Next(FuzzInput.Head)] = (byte)random.Next(256);
                return input;
            case 3:
                return [.. input[..at], .. input[Math.Min(input.Length, at + 1 + random.Next(20))..]];
            case 4 when frame.Start.Value + MilterLimits.FrameHeader <= input.Length:
                input[frame.Start.Value + 4] = s_codes[random.Next(s_codes.Length)];
                return input;
            case 5 when frame.Start.Value + MilterLimits.FrameHeader <= input.Length && random.Next(4) == 0:
                BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(frame.Start.Value), s_lengths[random.Next(s_lengths.Length)]);
                return input;
            case 6:
                return [.. input[..frame.Start.Value], .. input[frame], .. input[frame.Start.Value..]];
            case 7:
                return [.. input[..frame.Start.Value], .. input[frame.End.Value..]];
            case 8:
                return [.. input[..frame.Start.Value], .. Foreign(), .. input[frame.Start.Value..]];
            default:
                return WithPayload(input, frame);
        }
    }

    private byte[] Foreign()
    {
        byte[] other = corpus[random.Next(corpus.Count)];
        List<Range> frames = Frames(other);
        return other[frames[random.Next(frames.Count)]];
    }

    // Another payload of another length, with the length that belongs to it.
    private byte[] WithPayload(byte[] input, Range frame)
    {
        byte[] payload = new byte[random.Next(random.Next(1, 40))];
        random.NextBytes(payload);
        using var buffer = new FrameBuffer();
        buffer.WriteFrame(s_codes[random.Next(s_codes.Length)], payload);
        return [.. input[..frame.Start.Value], .. buffer.WrittenSpan, .. input[frame.End.Value..]];
    }

    private static List<Range> Frames(byte[] input)
    {
        var frames = new List<Range>();
        int at = FuzzInput.Head;
        while (at < input.Length && FrameReader.TryRead(input.AsSpan(at), MilterLimits.MaxPayload, out _, out int length) == FrameStatus.Complete)
        {
            frames.Add(at..(at + length));
            at += length;
        }

        return frames.Count > 0 ? frames : [Math.Min(FuzzInput.Head, input.Length)..input.Length];
    }
}
