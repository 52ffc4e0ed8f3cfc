using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Milter.Protocol;
using Milter.Samples.Probe;
using Milter.Testing;

namespace Milter.Mta.Tests;

/// <summary>What happened in a session, as text that two sessions have alike when a filter could not tell them apart.</summary>
/// <remarks>
/// What the two can't have alike is made alike here, and nowhere else:
/// <list type="bullet">
/// <item>Queue ids (macro <c>i</c>) are made by the server: they are numbered in the order in which they were first told.</item>
/// <item>The software's version (macro <c>v</c>) is that of the machine.</item>
/// <item>The server's own <c>Received</c> has the time, the queue id and the software's version: its name is left, and its place.</item>
/// <item>Of the envelope as delivered, arguments are in no order, <c>SIZE</c> and <c>BODY</c> are the delivering server's own words for the message as it sends it, and
/// <c>ORCPT</c> is added by a server that has none.</item>
/// <item>Recipients are in no order: a server may deliver them in any, and one by one.</item>
/// <item>What the server itself says is told as yes or no; the words of a refusal by the filter are told as they are.</item>
/// <item>A program on the server's machine is told nothing that could be compared.</item>
/// <item>A body of more than 200 bytes is told by its length and its checksum.</item>
/// </list>
/// </remarks>
internal sealed partial class Story(bool isLocal)
{
    private const int ShownBody = 200;

    private readonly StringBuilder _replies = new();
    private readonly StringBuilder _wire = new();
    private readonly Dictionary<string, string> _queueIds = [];

    /// <summary>Tells what the client was told.</summary>
    /// <param name="command">Its command.</param>
    /// <param name="reply">The words of the filter, or <see cref="Own"/>.</param>
    public void Reply(string command, string reply)
    {
        if (!isLocal)
        {
            _replies.Append(CultureInfo.InvariantCulture, $"{command}: {reply}\n");
        }
    }

    /// <summary>Tells that the server said yes or no by itself.</summary>
    public static string Own(bool isPositive) => isPositive ? "yes" : "no";

    /// <summary>Tells the packets.</summary>
    public void Wire(MilterRecording recording)
    {
        foreach (RecordedFrame frame in recording.Frames)
        {
            _wire.Append(Line(frame)).Append('\n');
        }
    }

    /// <summary>Tells a message as it was delivered.</summary>
    /// <param name="from">The sender with its arguments.</param>
    /// <param name="recipients">The recipients with their arguments.</param>
    /// <param name="content">Header and body, in Latin-1.</param>
    public void Delivered(string from, IEnumerable<string> recipients, string content)
    {
        _replies.Append(CultureInfo.InvariantCulture, $"  from {Path(from)}\n");
        foreach (string recipient in recipients.Select(Path).Order(StringComparer.Ordinal))
        {
            _replies.Append(CultureInfo.InvariantCulture, $"  to {recipient}\n");
        }

        int end = content.StartsWith("\r\n", StringComparison.Ordinal) ? 0 : content.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2;
        string header = Received().Replace(
            content[..end], field => field.Value.Contains($"by {MtaServer.HostName} ", StringComparison.Ordinal) ? "Received: (own)\r\n" : field.Value);
        foreach (string line in header.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            _replies.Append(CultureInfo.InvariantCulture, $"  | {line.Replace("\t", "\\t", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}\n");
        }

        _replies.Append(CultureInfo.InvariantCulture, $"  body {Body(Encoding.Latin1.GetBytes(content[Math.Min(content.Length, end + 2)..]), 'B')}\n");
    }

    /// <summary>Tells that a message is held.</summary>
    public void Held(string from, IEnumerable<string> recipients, string? reason) =>
        _replies.Append(CultureInfo.InvariantCulture, $"  held from <{from}> to {string.Join(' ', recipients.Order(StringComparer.Ordinal))}: {reason}\n");

    /// <summary>Tells that a message went nowhere.</summary>
    public void Dropped() => _replies.Append("  not delivered\n");

    /// <summary>Tells that the filter can't be used any more.</summary>
    public void Broken(string why) => _replies.Append(CultureInfo.InvariantCulture, $"  the filter is given up: {why}\n");

    /// <inheritdoc/>
    public override string ToString() => $"{_replies}\n{_wire}";

    private static string Path(string path)
    {
        int end = path.LastIndexOf('>') + 1;
        return string.Join(' ', path[end..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(argument => !OwnArgument().IsMatch(argument)).Order(StringComparer.Ordinal).Prepend(path[..end]));
    }

    private string Line(RecordedFrame frame)
    {
        if (!frame.FromFilter && (MilterCommand)frame.Code == MilterCommand.Macro && !frame.Payload.IsEmpty)
        {
            return Macros(frame);
        }

        bool isBody = frame.FromFilter ? (MilterReply)frame.Code == MilterReply.ReplaceBody : (MilterCommand)frame.Code == MilterCommand.Body;
        return isBody ? Body(frame.Payload.Span, (char)frame.Code, frame.FromFilter ? "< " : "> ") : frame.ToString();
    }

    private string Macros(RecordedFrame frame)
    {
        var line = new StringBuilder("> D ").Append((char)frame.Payload.Span[0]);
        string[] parts = Encoding.Latin1.GetString(frame.Payload.Span[1..]).Split('\0');
        for (int i = 0; i + 1 < parts.Length; i += 2)
        {
            line.Append(CultureInfo.InvariantCulture, $" {parts[i]}={Value(parts[i].Trim('{', '}'), parts[i + 1])}");
        }

        return line.ToString();
    }

    private string Value(string name, string value)
    {
        if (name == "i" && !_queueIds.TryGetValue(value, out _))
        {
            _queueIds[value] = string.Create(CultureInfo.InvariantCulture, $"(id {_queueIds.Count + 1})");
        }

        return name switch
        {
            "i" => _queueIds[value],
            "v" => "(version)",
            _ => $"\"{value}\"",
        };
    }

    private static string Body(ReadOnlySpan<byte> bytes, char code, string arrow = "") => bytes.Length > ShownBody
        ? string.Create(CultureInfo.InvariantCulture, $"{arrow}{code} ({bytes.Length} bytes, {Crc32.Append(0, bytes):x8})")
        : arrow + new RecordedFrame(false, (byte)code, bytes.ToArray()).ToString()[2..];

    [GeneratedRegex(@"(?m)^Received:[^\r]*\r\n([ \t][^\r]*\r\n)*")]
    private static partial Regex Received();

    [GeneratedRegex("^(SIZE|BODY|ORCPT)=", RegexOptions.IgnoreCase)]
    private static partial Regex OwnArgument();
}
