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

    public PlanBench(MessageState message, MilterOptions? options = null, ProcessLimits? limits = null)
    {
        Message = message;
        Plan = new EditPlan(options ?? Told.Options, limits ?? new ProcessLimits(Told.Options));
    }

    public PlanBench(Action<MilterOptions> configure, params string[] fields)
        : this(fields)
    {
        var options = new MilterOptions();
        configure(options);
        Plan = new(options, new ProcessLimits(options));
    }

    public EditPlan Plan { get; }

    public MessageState Message { get; }

    /// <summary>What was sent before the verdict.</summary>
    public List<string> SentAtOnce { get; } = [];

    public PlanOutcome Outcome { get; private set; }

    public PlanBench Begin(MilterActions agreed = MilterActions.All, bool leadingSpace = false, bool degrade = false)
    {
        Plan.Begin(agreed, leadingSpace ? ColonSpace.OfTheFilter : ColonSpace.OfTheMta, Message.Headers, Message.Envelope, Message.KeptBody, this, degrade);
        return this;
    }

    /// <summary>What goes out for the plan.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="meanwhile">What happens after the plan is written and before the MTA takes it.</param>
    public byte[] Bytes(Verdict verdict = default, Action? meanwhile = null)
    {
        using var output = new Outbox(int.MaxValue, new ByteBudget(0));
        Outcome = Plan.WriteTo(output, verdict);
        meanwhile?.Invoke();
        var sink = new Sink();
        Assert.True(output.Flush(sink));
        return [.. sink.Bytes];
    }

    /// <summary>Sends what goes out for the plan to an MTA that takes all at once.</summary>
    public void Send(Action<ReadOnlyMemory<byte>> taken)
    {
        using var output = new Outbox(int.MaxValue, new ByteBudget(0));
        Plan.WriteTo(output, default);
        Assert.True(output.Flush(new Taker(taken)));
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

    private sealed class Taker(Action<ReadOnlyMemory<byte>> taken) : IByteSink
    {
        private readonly byte[] _buffer = new byte[70_000];

        public int TryWrite(ReadOnlySpan<byte> bytes)
        {
            int count = Math.Min(bytes.Length, _buffer.Length);
            bytes[..count].CopyTo(_buffer);
            taken(_buffer.AsMemory(0, count));
            return count;
        }
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
