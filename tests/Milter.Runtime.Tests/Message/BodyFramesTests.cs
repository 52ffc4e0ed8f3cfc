using System.Diagnostics.CodeAnalysis;
using Milter.Limits;
using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects the packets of a new body: the same bytes whether they are copied together or go out from where they are, however little is taken at a time.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
public sealed class BodyFramesTests
{
    private static readonly byte[] s_content = Content(400_000);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory, MemberData(nameof(Seeds))]
    public void What_goes_out_from_where_it_is_is_what_is_copied(int seed)
    {
        byte[] copied = Play(seed, isInMemory: true, static _ => new Copies());
        byte[] gathered = Play(seed, isInMemory: true, static random => new Gatherer(random, refusesCopies: true));
        byte[] mixed = Play(seed, isInMemory: false, static random => new Gatherer(random, refusesCopies: false));

        Assert.Equal(copied, gathered);
        Assert.Equal(copied, mixed);
        AssertPackets(copied, Play(seed, isInMemory: true, static _ => null));
    }

    [Fact]
    public void Bytes_in_memory_are_named_where_they_are()
    {
        byte[] given = [.. s_content.Take(1000)];
        using var frames = new BodyFrames([new BodyPiece(null, 0, given.Length, given)]);
        var pieces = new ReadOnlyMemory<byte>[4];

        Assert.Equal(2, frames.Name(pieces));

        Assert.Equal([0, 0, 3, 233, (byte)'b'], pieces[0].ToArray());
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(pieces[1], out ArraySegment<byte> segment) && ReferenceEquals(segment.Array, given));
    }

    [Fact]
    public void What_a_peer_does_not_take_counts_as_kept_for_it()
    {
        using var outbox = new Outbox(1 << 20, new ByteBudget(0));
        outbox.Add(new BodyFrames([new BodyPiece(null, 0, 100_000, s_content.AsMemory(0, 100_000))]));

        Assert.Equal(OutboxState.Waits, outbox.Flush(new Stubborn(), long.MaxValue));

        Assert.Equal(100_000, outbox.Unsent);
    }

    [Fact]
    public void No_more_than_a_share_goes_out_at_once()
    {
        using var outbox = new Outbox(1 << 20, new ByteBudget(0));
        outbox.Add(new BodyFrames([new BodyPiece(null, 0, s_content.Length, s_content)]));
        outbox.Writer.WriteFrame((byte)MilterReply.Continue);
        var sink = new Copies();

        Assert.Equal(OutboxState.HasMore, outbox.Flush(sink, 100_000));
        Assert.InRange(sink.Taken.Count, 100_000, 200_000);
        Assert.Equal(OutboxState.HasMore, outbox.Flush(sink, 100_000));
        Assert.Equal(OutboxState.Empty, outbox.Flush(sink, 10_000_000));
        Assert.Equal((byte)MilterReply.Continue, sink.Taken[^1]);
    }

    // The packets of pieces as the sink takes them; the body alone where there is no sink.
    private static byte[] Play(int seed, bool isInMemory, Func<Random, ISink?> sinkOf)
    {
        var random = new Random(seed);
        MilterOptions options = new() { BodyMemoryThreshold = isInMemory ? int.MaxValue : 0 };
        var limits = new ProcessLimits(options);
        BodyStore store = Stored(options, limits), inMemory = Stored(new MilterOptions { BodyMemoryThreshold = int.MaxValue }, limits);
        var pieces = new List<BodyPiece>();
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            int start = random.Next(s_content.Length), length = random.Next(1, Math.Min(s_content.Length - start, random.Next(2) == 0 ? 300 : 200_000) + 1);
            pieces.Add(random.Next(3) switch
            {
                0 => new BodyPiece(null, 0, length, s_content.AsMemory(start, length)),
                1 => new BodyPiece(store, start, length),
                _ => new BodyPiece(inMemory, start, length),
            });
        }

        if (sinkOf(new Random(seed)) is not { } sink)
        {
            byte[] body = [.. pieces.SelectMany(Bytes)];
            store.Dispose();
            inMemory.Dispose();
            return body;
        }

        using var outbox = new Outbox(1 << 20, limits.Memory);
        outbox.Writer.WriteFrame((byte)MilterReply.Progress);
        outbox.Add(new BodyFrames(pieces, store, inMemory));
        outbox.Writer.WriteFrame((byte)MilterReply.Accept);
        for (int i = 0; i < 1_000_000 && !outbox.Flush(sink); i++)
        {
        }

        Assert.True(outbox.IsEmpty);
        Assert.Equal(0, outbox.Unsent);
        return [.. sink.Taken];
    }

    private static BodyStore Stored(MilterOptions options, ProcessLimits limits)
    {
        var store = new BodyStore(options, limits);
        foreach (byte[] part in s_content.Chunk(50_000))
        {
            store.Append(part);
        }

        return store;
    }

    private static byte[] Bytes(BodyPiece piece)
    {
        byte[] bytes = new byte[piece.Length];
        piece.ReadExactly(0, bytes);
        return bytes;
    }

    private static byte[] Content(int length)
    {
        byte[] content = new byte[length];
        new Random(1).NextBytes(content);
        return content;
    }

    private static void AssertPackets(byte[] sent, byte[] body)
    {
        var rest = new List<byte>();
        var codes = new List<char>();
        for (ReadOnlySpan<byte> left = sent; FrameReader.TryRead(left, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete; left = left[length..])
        {
            codes.Add((char)frame.Code);
            rest.AddRange(frame.Payload);
            Assert.True(frame.Code != (byte)MilterReply.ReplaceBody || frame.Payload.Length == MilterLimits.MaxPayload || rest.Count == body.Length, "a packet is not full");
        }

        Assert.Equal(body, rest);
        Assert.Equal(sent.Length, body.Length + (5 * codes.Count));
        Assert.Equal('p', codes[0]);
        Assert.Equal('a', codes[^1]);
        Assert.All(codes[1..^1], static code => Assert.Equal('b', code));
    }

    private interface ISink : IByteSink
    {
        List<byte> Taken { get; }
    }

    /// <summary>Takes all.</summary>
    private sealed class Copies : ISink
    {
        public List<byte> Taken { get; } = [];

        public int TryWrite(ReadOnlySpan<byte> bytes)
        {
            Taken.AddRange(bytes);
            return bytes.Length;
        }
    }

    /// <summary>Takes pieces, and of them what it likes.</summary>
    private sealed class Gatherer(Random random, bool refusesCopies) : ISink, IGatheringSink
    {
        public List<byte> Taken { get; } = [];

        public int TryWrite(ReadOnlySpan<byte> bytes)
        {
            Assert.False(refusesCopies && bytes.Length > 5);
            int count = random.Next(4) == 0 ? 0 : random.Next(bytes.Length + 1);
            Taken.AddRange(bytes[..count]);
            return count;
        }

        public int TryWrite(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
        {
            byte[] all = [];
            foreach (ReadOnlyMemory<byte> piece in pieces)
            {
                all = [.. all, .. piece.Span];
            }

            int count = random.Next(4) switch { 0 => 0, 1 => Math.Min(random.Next(8), all.Length), 2 => all.Length, _ => random.Next(all.Length + 1) };
            Taken.AddRange(all.AsSpan(0, count));
            return count;
        }
    }

    /// <summary>Takes nothing.</summary>
    private sealed class Stubborn : IGatheringSink
    {
        public int TryWrite(ReadOnlySpan<byte> bytes) => 0;

        public int TryWrite(ReadOnlySpan<ReadOnlyMemory<byte>> pieces) => 0;
    }
}
