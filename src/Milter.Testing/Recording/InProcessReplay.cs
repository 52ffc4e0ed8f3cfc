using Milter.Protocol;

namespace Milter.Testing;

/// <summary>A recording told to a filter in process: whatever it answers is there at once.</summary>
internal sealed class InProcessReplay(InProcessFilter filter) : IReplayedFilter
{
    public static async Task<ReplayResult> RunAsync(EngineRoom room, MilterRecording recording, CancellationToken cancellation)
    {
        var log = new TestLog();
        InProcessFilter filter = room.NewFilter(log, chaos: null);
        try
        {
            MilterRecording replayed = await Replay.PlayAsync(recording, new InProcessReplay(filter), cancellation).ConfigureAwait(false);
            return new ReplayResult(string.Join('\n', Replay.Difference(recording, replayed)), log.Take());
        }
        finally
        {
            await filter.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask<bool> TellAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellation)
    {
        await filter.WriteAsync(packets, cancellation).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<bool> AnswerAsync(MilterRecording into, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> answers = await filter.DrainAsync(cancellation).ConfigureAwait(false);
        while (FrameReader.TryRead(answers.Span, MilterLimits.MaxPayload1M, out Frame frame, out int length) == FrameStatus.Complete)
        {
            into.Add(fromFilter: true, frame.Code, frame.Payload);
            answers = answers[length..];
        }

        return true;
    }

    public async ValueTask RestAsync(MilterRecording into, bool hasQuit, CancellationToken cancellation) => await AnswerAsync(into, cancellation).ConfigureAwait(false);
}
