using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Runtime.Tests.Session.Properties;

namespace Milter.Runtime.Tests.Fuzz;

/// <summary>What a fuzzer changes: three bytes that say which filter there is, what its handlers do and how the stream is cut; then what an MTA sends.</summary>
internal static class FuzzInput
{
    public const int Head = 3;

    // The most bytes of a session: a fuzzer that makes long ones finds less.
    private const int Most = 16 * 1024;

    private static readonly MilterDescriptor[] s_filters =
    [
        SessionDriver.Need((MilterStages)0x3FFF),
        SessionDriver.Need((MilterStages)0x3FFF, (ProtocolSteps)0x000F_F080),
        SessionDriver.Need(MilterStages.Eom | MilterStages.MessageEnd, (ProtocolSteps)0x000F_F37F & ~ProtocolSteps.NoBody, collects: (CollectedData)0x3F),
        SessionDriver.Need(MilterStages.Rcpt | MilterStages.RejectedRcpt | MilterStages.MessageEnd, ProtocolSteps.NoReplyMail, ProtocolSteps.RejectedRecipients, perMessage: true),
        SessionDriver.Need(MilterStages.Header | MilterStages.Body | MilterStages.MessageEnd, ProtocolSteps.NoMail | ProtocolSteps.NoRcpt, bodyConsumers: 2),
    ];

    /// <summary>Plays it, and fails where a promise is broken: an exception comes out, a reply is missing or too many, a message does not end once.</summary>
    public static async Task PlayAsync(ReadOnlyMemory<byte> input)
    {
        if (input.Length < Head)
        {
            return;
        }

        (byte filter, byte deeds, byte piece) = (input.Span[0], input.Span[1], input.Span[2]);
        byte[] stream = input[Head..Math.Min(input.Length, Most)].ToArray();
        var random = new Random(deeds);
        Deed[] all = Enum.GetValues<Deed>();
        var script = new Script(s_filters[filter % s_filters.Length], [], Cut(stream), [.. Enumerable.Range(0, 23).Select(_ => random.Next(2) == 0 ? Deed.Continue : all[random.Next(all.Length)])]);
        await Play.RunAsync(script, piece == 0 ? null : [piece]);
    }

    /// <summary>Cuts a stream into frames as it should be cut; what is no frame, or not a whole one, comes last.</summary>
    private static byte[][] Cut(byte[] stream)
    {
        var frames = new List<byte[]>();
        ReadOnlySpan<byte> rest = stream;
        while (FrameReader.TryRead(rest, MilterLimits.MaxPayload, out _, out int length) == FrameStatus.Complete)
        {
            frames.Add(rest[..length].ToArray());
            rest = rest[length..];
        }

        return rest.IsEmpty ? [.. frames] : [.. frames, rest.ToArray()];
    }
}
