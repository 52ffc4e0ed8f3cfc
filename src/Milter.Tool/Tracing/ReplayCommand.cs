using System.CommandLine;
using System.Net.Sockets;
using Milter.Client;
using Milter.Protocol;
using Milter.Testing;

namespace Milter.Tool;

/// <summary><c>milter replay</c>: tells a filter what was recorded, and compares its answers.</summary>
internal static class ReplayCommand
{
    public static Command Make(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A recording, as `milter trace --save` and AttrMilter.Testing write it." };
        Argument<string> endPoint = MailOptions.EndPoint();
        Option<double> timeout = NumberOption.Seconds("--timeout", "How long to wait for each reply, in seconds.", 30);
        var command = new Command("replay", "Tells a filter again what a recorded MTA has told one, and shows where its answers differ. Exit code: 0 the same, 1 other ones.") { file, endPoint, timeout };
        HelpWithExamples.Add(
            "replay",
            "milter replay session.milter inet:9199@localhost");
        command.SetAction(async (parsed, cancellation) =>
        {
            MilterRecording recording = Load(parsed.GetValue(file)!);
            string target = parsed.GetValue(endPoint)!;
            MilterRecording replayed;
            await using (Wire wire = await Wire.OpenAsync(target, TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellation))
            {
                replayed = await ReplayAsync(recording, wire, cancellation);
            }

            int packets = recording.Frames.Count(frame => frame.FromFilter);
            IReadOnlyList<string> difference = UnifiedDiff.Make(Lines(recording), Lines(replayed));
            if (difference.Count == 0)
            {
                terminal.Line(packets == 1 ? "The one packet of the filter is as recorded." : $"All {packets} packets of the filter are as recorded.");
                return ExitCode.Passed;
            }

            foreach (string line in (IEnumerable<string>)["--- recorded", "+++ replayed", .. difference])
            {
                terminal.Marked(Shown.Difference(line));
            }

            return ExitCode.Refused;
        });
        return command;
    }

    /// <summary>In lock-step: where the recorded filter has answered, as many answers are waited for.</summary>
    private static async Task<MilterRecording> ReplayAsync(MilterRecording recording, Wire wire, CancellationToken cancellation)
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
                isThere = await wire.TrySendAsync(output.WrittenMemory, cancellation);
                output.Clear();
            }

            if (frame.FromFilter && Ends((MilterReply)frame.Code))
            {
                isThere = await TakeAsync(wire, replayed, cancellation);
            }
        }

        // What comes after the last expected answer is a difference, too; after QUIT the filter closes.
        while (isThere && frames is [.., { FromFilter: false, Code: (byte)MilterCommand.Quit }])
        {
            isThere = await TakeAsync(wire, replayed, cancellation);
        }

        return replayed;
    }

    private static async Task<bool> TakeAsync(Wire wire, MilterRecording replayed, CancellationToken cancellation)
    {
        while (await wire.ReadAsync(cancellation) is { Status: WireStatus.Packet } packet)
        {
            replayed.Add(fromFilter: true, packet.Code, packet.Payload);
            if (Ends((MilterReply)packet.Code))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Ends(MilterReply reply) => reply != MilterReply.Progress && !ModificationReader.IsModification(reply);

    private static MilterRecording Load(string path)
    {
        try
        {
            return MilterRecording.Load(path);
        }
        catch (FormatException exception)
        {
            throw new ToolException(ExitCode.Data, $"{path} is no recording. {exception.Message}", exception);
        }
    }

    // Notices of progress follow the clock, not the conversation.
    private static string Lines(MilterRecording recording) =>
        string.Join('\n', recording.Frames.Where(frame => !(frame.FromFilter && frame.Code == (byte)MilterReply.Progress)));
}
