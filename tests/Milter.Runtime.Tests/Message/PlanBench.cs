using System.Text;
using Milter.Limits;
using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>A plan at work, and its packets in words: <c>m 2 Name: value</c>, <c>i 0 Name: value</c>, <c>+ &lt;a@b&gt;</c>, <c>b 1234</c>.</summary>
internal sealed class PlanBench : IProgressSink
{
    public PlanBench(params string[] fields)
        : this(Told.Message(fields))
    {
    }

    public PlanBench(MessageState message) => Message = message;

    public EditPlan Plan { get; } = new(Told.Options, new ProcessLimits(Told.Options));

    public MessageState Message { get; }

    /// <summary>What was sent before the verdict.</summary>
    public List<string> SentAtOnce { get; } = [];

    public PlanOutcome Outcome { get; private set; }

    public PlanBench Begin(MilterActions agreed = MilterActions.All, bool leadingSpace = false, bool degrade = false)
    {
        Plan.Begin(agreed, leadingSpace ? ColonSpace.OfTheFilter : ColonSpace.OfTheMta, Message.Headers, Message.Envelope, this, degrade);
        return this;
    }

    public byte[] Bytes(Verdict verdict = default)
    {
        using var output = new Outbox(int.MaxValue, new ByteBudget(0));
        Outcome = Plan.WriteTo(output, verdict);
        var sink = new Sink();
        Assert.True(output.Flush(sink));
        return [.. sink.Bytes];
    }

    public List<string> Packets(Verdict verdict = default) => Describe(Bytes(verdict));

    public void Send(ReadOnlySpan<byte> frames) => SentAtOnce.AddRange(Describe(frames));

    public static List<string> Describe(ReadOnlySpan<byte> frames)
    {
        var packets = new List<string>();
        while (!frames.IsEmpty)
        {
            Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(frames, MilterLimits.MaxPayload, out Frame frame, out int length));
            packets.Add(Describe(frame));
            frames = frames[length..];
        }

        return packets;
    }

    private sealed class Sink : IByteSink
    {
        public List<byte> Bytes { get; } = [];

        public int TryWrite(ReadOnlySpan<byte> bytes)
        {
            Bytes.AddRange(bytes);
            return bytes.Length;
        }
    }

    private static string Describe(Frame frame)
    {
        if (HeaderModification.TryRead(frame.Reply, frame.Payload, out HeaderModification header, out _))
        {
            string index = frame.Reply == MilterReply.AddHeader ? "" : $" {header.Index}";
            return $"{(char)frame.Code}{index} {WireText.GetString(header.Name)}: {WireText.GetString(header.Value)}";
        }

        if (RecipientModification.TryRead(frame.Reply, frame.Payload, out RecipientModification recipient, out _))
        {
            return $"{(char)frame.Code} {WireText.GetString(recipient.Address)} {WireText.GetString(recipient.Arguments)}".TrimEnd();
        }

        return frame.Reply switch
        {
            MilterReply.ReplaceBody => $"b {frame.Payload.Length}",
            _ => $"{(char)frame.Code} {Encoding.UTF8.GetString(frame.Payload).TrimEnd('\0')}".TrimEnd(),
        };
    }
}
