using Milter.Protocol;

namespace Milter.Runtime.Tests.Session.Properties;

/// <summary>Plays a script to a session, and has a <see cref="Judge"/> hear it.</summary>
internal static class Play
{
    /// <summary>Plays a script, and fails where an exception comes out, a reply is missing or too many, or a message does not end once.</summary>
    /// <param name="script">The script.</param>
    /// <param name="pieces">How many bytes are sent at a time, one after the other and round again; without, a frame at a time, and its replies are looked at before the next.</param>
    public static async Task RunAsync(Script script, int[]? pieces = null)
    {
        int calls = 0;
        var session = new PlayedSession(script.Need, (stage, step) => script.Deeds[calls++ % script.Deeds.Length].DoAsync(stage, step));
        var judge = new Judge();
        byte[][] frames = [script.Offer, .. script.Frames];
        if (pieces is null)
        {
            foreach (byte[] frame in frames)
            {
                Queue<(char, byte[])> replies = Read(await session.SendAsync(frame));
                judge.Hear(frame, replies);
                Assert.Empty(replies);
            }
        }
        else
        {
            Queue<(char, byte[])> replies = Read(await SendInPiecesAsync(session, [.. frames.SelectMany(frame => frame)], pieces));
            foreach (byte[] frame in frames)
            {
                judge.Hear(frame, replies);
            }

            Assert.Empty(replies);
        }

        Assert.Equal(judge.IsClosed, session.IsClosed);
        await session.HangUpAsync();
        judge.HangUp();
        Assert.Empty(session.Faults);
        Assert.Equal(judge.Begun, judge.Ended);
        Assert.Equal(judge.Ended, session.Calls.Count(call => call.StartsWith("MessageEnd:", StringComparison.Ordinal)));
    }

    private static async Task<byte[]> SendInPiecesAsync(PlayedSession session, byte[] stream, int[] pieces)
    {
        var received = new List<byte>();
        for (int at = 0, piece = 0; at < stream.Length && !session.IsClosed; piece++)
        {
            int size = Math.Min(pieces[piece % pieces.Length], stream.Length - at);
            received.AddRange(await session.SendAsync(stream[at..(at + size)]));
            at += size;
        }

        return [.. received];
    }

    private static Queue<(char Code, byte[] Payload)> Read(ReadOnlySpan<byte> bytes)
    {
        var frames = new Queue<(char, byte[])>();
        while (!bytes.IsEmpty)
        {
            Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(bytes, MilterLimits.MaxPayload, out Frame frame, out int length));
            frames.Enqueue(((char)frame.Code, frame.Payload.ToArray()));
            bytes = bytes[length..];
        }

        return frames;
    }
}
