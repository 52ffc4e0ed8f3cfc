using Milter.Protocol;
using Milter.Testing;

namespace Milter.Runtime.Tests.Fuzz;

/// <summary>What fuzzing begins with: what real MTAs have sent, as it was recorded, with several filters.</summary>
internal static class Corpus
{
    public static byte[][] Load()
    {
        byte[][] sessions = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Captured"), "*.milter").Order().Select(path => Stream(MilterRecording.Load(path)))];
        return [.. sessions.SelectMany(session => Enumerable.Range(0, 5).Select(filter => (byte[])[(byte)filter, (byte)filter, (byte)(filter * 50), .. session]))];
    }

    private static byte[] Stream(MilterRecording recording)
    {
        using var buffer = new FrameBuffer();
        foreach (RecordedFrame frame in recording.Frames.Where(frame => !frame.FromFilter))
        {
            buffer.WriteFrame(frame.Code, frame.Payload.Span);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
