using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>Tells a filter what was recorded, in lock-step with the recorded answers.</summary>
internal static class Replay
{
    /// <summary>Where the recorded filter has answered, an answer is waited for.</summary>
    /// <returns>What was told and answered this time.</returns>
    public static async Task<MilterRecording> PlayAsync(MilterRecording recording, IReplayedFilter filter, CancellationToken cancellation)
    {
        var replayed = new MilterRecording(recording.Keep);
        using var output = new FrameBuffer();
        bool isThere = true;
        IReadOnlyList<RecordedFrame> frames = recording.Frames;
        for (int i = 0; i < frames.Count && isThere; i++)
        {
            RecordedFrame frame = frames[i];
            if (!frame.FromFilter)
            {
                byte[] bytes = frame.Bytes();
                output.WriteFrame(frame.Code, bytes);
                replayed.Add(fromFilter: false, frame.Code, bytes);
            }

            if (output.Length > 0 && (frame.FromFilter || i == frames.Count - 1))
            {
                isThere = await filter.TellAsync(output.WrittenMemory, cancellation).ConfigureAwait(false);
                output.Clear();
            }

            if (frame.FromFilter && Ends((MilterReply)frame.Code))
            {
                isThere = await filter.AnswerAsync(replayed, cancellation).ConfigureAwait(false);
            }
        }

        // What comes after the last expected answer is a difference, too.
        if (isThere)
        {
            await filter.RestAsync(replayed, frames is [.., { FromFilter: false, Code: (byte)MilterCommand.Quit }], cancellation).ConfigureAwait(false);
        }

        return replayed;
    }

    /// <summary>Says whether an answer ends a step: neither a modification nor a notice of progress.</summary>
    public static bool Ends(MilterReply reply) => reply != MilterReply.Progress && !ModificationReader.IsModification(reply);

    /// <summary>The lines in which two conversations differ. Notices of progress follow the clock, not the conversation.</summary>
    public static IReadOnlyList<string> Difference(MilterRecording recorded, MilterRecording replayed) => UnifiedDiff.Make(Lines(recorded), Lines(replayed));

    private static string Lines(MilterRecording recording) =>
        string.Join('\n', recording.Frames.Where(frame => !(frame.FromFilter && frame.Code == (byte)MilterReply.Progress)));
}
