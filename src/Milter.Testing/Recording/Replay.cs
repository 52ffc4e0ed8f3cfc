using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>Tells a filter what was recorded, in lock-step with the recorded answers.</summary>
internal static class Replay
{
    public static async Task<ReplayResult> RunAsync(EngineRoom room, MilterRecording recording, CancellationToken cancellation)
    {
        var log = new TestLog();
        InProcessFilter filter = room.NewFilter(log, chaos: null);
        var replayed = new MilterRecording(recording.Keep);
        using var output = new FrameBuffer();
        try
        {
            foreach (RecordedFrame frame in recording.Frames)
            {
                if (!frame.FromFilter)
                {
                    output.WriteFrame(frame.Code, frame.Bytes());
                    replayed.Add(fromFilter: false, frame.Code, frame.Bytes());
                }
                else if (output.Length > 0)
                {
                    await TellAsync(filter, output, replayed, cancellation).ConfigureAwait(false);
                }
            }

            await TellAsync(filter, output, replayed, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await filter.DisposeAsync().ConfigureAwait(false);
        }

        return new ReplayResult(string.Join('\n', UnifiedDiff.Make(Lines(recording), Lines(replayed))), log.Take());
    }

    private static async Task TellAsync(InProcessFilter filter, FrameBuffer output, MilterRecording replayed, CancellationToken cancellation)
    {
        await filter.WriteAsync(output.WrittenMemory, cancellation).ConfigureAwait(false);
        output.Clear();
        ReadOnlyMemory<byte> answers = await filter.DrainAsync(cancellation).ConfigureAwait(false);
        while (FrameReader.TryRead(answers.Span, MilterLimits.MaxPayload1M, out Frame frame, out int length) == FrameStatus.Complete)
        {
            replayed.Add(fromFilter: true, frame.Code, frame.Payload);
            answers = answers[length..];
        }
    }

    // Notices of progress follow the clock, not the conversation.
    private static string Lines(MilterRecording recording) =>
        string.Join('\n', recording.Frames.Where(frame => !(frame.FromFilter && frame.Code == (byte)MilterReply.Progress)));
}
