using System.CommandLine;
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
                replayed = await Replay.PlayAsync(recording, new ReplayedWire(wire), cancellation);
            }

            int packets = recording.Frames.Count(frame => frame.FromFilter);
            IReadOnlyList<string> difference = Replay.Difference(recording, replayed);
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

    private sealed class ReplayedWire(Wire wire) : IReplayedFilter
    {
        public async ValueTask<bool> TellAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellation) => await wire.TrySendAsync(packets, cancellation);

        public async ValueTask<bool> AnswerAsync(MilterRecording into, CancellationToken cancellation)
        {
            while (await wire.ReadAsync(cancellation) is { Status: WireStatus.Packet } packet)
            {
                into.Add(fromFilter: true, packet.Code, packet.Payload);
                if (Replay.Ends(packet.Reply))
                {
                    return true;
                }
            }

            return false;
        }

        // After QUIT the filter closes; without it, a filter that is silent is not waited for.
        public async ValueTask RestAsync(MilterRecording into, bool hasQuit, CancellationToken cancellation)
        {
            while (hasQuit && await AnswerAsync(into, cancellation))
            {
            }
        }
    }
}
