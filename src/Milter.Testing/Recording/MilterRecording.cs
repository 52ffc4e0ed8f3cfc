using Milter.Client;

namespace Milter.Testing;

/// <summary>A conversation between an MTA and a filter, packet by packet, as a text file that can be read, edited and replayed.</summary>
/// <remarks>
/// <para>Record with <see cref="MilterRecordingProxy"/> between a real MTA and its filter, or by <see cref="MilterClientOptions.Trace"/>:
/// <c>Trace = recording.Add</c>. Replay with <see cref="MilterTestHost{T}.ReplayAsync"/>.</para>
/// <para>The first line of a file is <c>AttrMilter recording 1</c> and the parts that were kept. Each other line is a packet: <c>&gt;</c> from the MTA or
/// <c>&lt;</c> from the filter, its code, and its payload with <c>\0 \n \r \t \\ \xhh</c> for what is not printable ASCII; <c>*123</c> stands for 123 bytes
/// that were left out. Empty lines and lines that begin with <c>#</c> mean nothing.</para>
/// </remarks>
public sealed class MilterRecording
{
    private const string FirstLine = "AttrMilter recording 1";

    private readonly List<RecordedFrame> _frames = [];

    /// <summary>Makes an empty recording.</summary>
    /// <param name="keep">What of the mail is kept.</param>
    public MilterRecording(RecordingParts keep = RecordingParts.All) => Keep = keep;

    /// <summary>Gets what of the mail is kept.</summary>
    public RecordingParts Keep { get; }

    /// <summary>Gets the packets in the order in which they were seen.</summary>
    public IReadOnlyList<RecordedFrame> Frames
    {
        get
        {
            lock (_frames)
            {
                return [.. _frames];
            }
        }
    }

    /// <summary>Reads a recording from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="FormatException">It is none; the message has the line.</exception>
    public static MilterRecording Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads a recording from text.</summary>
    /// <param name="text">The text of a file.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="FormatException">It is none; the message has the line.</exception>
    public static MilterRecording Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
        if (!lines[0].StartsWith(FirstLine, StringComparison.Ordinal) || !Enum.TryParse(lines[0][FirstLine.Length..].Trim(), out RecordingParts keep))
        {
            throw new FormatException($"The first line is not \"{FirstLine}\" and what was kept: {lines[0]}");
        }

        var recording = new MilterRecording(keep);
        recording._frames.AddRange(lines.Skip(1).Where(line => line.Length > 0 && line[0] != '#').Select(RecordedFrame.Parse));
        return recording;
    }

    /// <summary>Adds a packet, without what is not to be kept. Fits <see cref="MilterTrace"/>.</summary>
    /// <param name="fromFilter">Whether the filter sent it; otherwise the MTA did.</param>
    /// <param name="code">Its code byte.</param>
    /// <param name="payload">The bytes after the code.</param>
    public void Add(bool fromFilter, byte code, ReadOnlySpan<byte> payload)
    {
        RecordedFrame frame = Redaction.Apply(fromFilter, code, payload, Keep);
        lock (_frames)
        {
            _frames.Add(frame);
        }
    }

    /// <summary>Writes the recording to a file.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => File.WriteAllText(path, ToString());

    /// <summary>Writes the recording as the text of a file.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{FirstLine} {Keep}\n{string.Concat(Frames.Select(frame => frame + "\n"))}";

    /// <summary>The last packets in short, for a failure's text.</summary>
    internal string Tail(int count) => string.Join('\n', Frames.TakeLast(count).Select(frame => frame.ToString() is { Length: > 120 } line ? $"  {line[..120]}…" : $"  {frame}"));
}
