using FsCheck;
using FsCheck.Fluent;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session.Properties;

/// <summary>A conversation by chance: what the filter asks for, what the MTA offers and sends, and what handlers do.</summary>
/// <param name="Need">What the filter handles and waives.</param>
/// <param name="Offer">The first frame.</param>
/// <param name="Frames">The frames after it: messages, with steps left out, repeated, out of order, and now and then garbage.</param>
/// <param name="Deeds">What the handlers do, one after the other, and round again.</param>
internal sealed record Script(MilterDescriptor Need, byte[] Offer, byte[][] Frames, Deed[] Deeds)
{
    private const ProtocolSteps Replies = ProtocolSteps.NoReplyConnect | ProtocolSteps.NoReplyHelo | ProtocolSteps.NoReplyMail | ProtocolSteps.NoReplyRcpt
        | ProtocolSteps.NoReplyData | ProtocolSteps.NoReplyHeader | ProtocolSteps.NoReplyEndOfHeaders | ProtocolSteps.NoReplyBody | ProtocolSteps.NoReplyUnknown;

    private static readonly Gen<uint> s_bits = Gen.Two(Gen.Choose(0, 0xFFFF)).Select(halves => ((uint)halves.Item1 << 16) | (uint)halves.Item2);

    private static readonly byte[][] s_session =
    [
        Frame(b => CommandWriter.Macros(b, MilterCommand.Connect, [new("j", "mx.example.test")])),
        Frame(b => CommandWriter.Connect(b, "client.example.test"u8, ClientFamily.IPv4, 1234, "192.0.2.7"u8)),
        Frame(b => CommandWriter.Helo(b, "client.example.test")),
    ];

    private static readonly byte[][] s_message =
    [
        Frame(b => CommandWriter.Macros(b, MilterCommand.Mail, [new("i", "4711")])),
        Frame(b => CommandWriter.Mail(b, "<a@example.test>")),
        Frame(b => CommandWriter.Macros(b, MilterCommand.Rcpt, [new("{rcpt_mailer}", "error")])),
        Frame(b => CommandWriter.Rcpt(b, "<b@example.test>")),
        Frame(b => CommandWriter.Rcpt(b, "<c@example.test>")),
        Frame(CommandWriter.Data),
        Frame(b => CommandWriter.Header(b, "Subject", "hi")),
        Frame(b => CommandWriter.Header(b, "To", "b@example.test")),
        Frame(CommandWriter.EndOfHeaders),
        Frame(b => CommandWriter.Body(b, "one\r\n"u8)),
        Frame(b => CommandWriter.Body(b, "two\r\n"u8)),
        Frame(CommandWriter.EndOfMessage),
    ];

    private static readonly byte[][] s_between =
    [
        Frame(CommandWriter.Abort),
        Frame(b => CommandWriter.Unknown(b, "FOO")),
        Frame(b => CommandWriter.Helo(b, "again")),
        Frame(CommandWriter.QuitNewConnection),
        Frame(b => CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF)),
        Frame(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.Unknown, 0, default)),
        Frame(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8)),
        Frame(b => CommandWriter.Helo(b, "")),
        Frame(b => CommandWriter.Mail(b, "nobrackets")),
    ];

    // What ends the conversation.
    private static readonly byte[][] s_last =
    [
        Frame(CommandWriter.Quit),
        [0, 0, 0, 0],
        [0x7F, 0xFF, 0xFF, 0xFF],
        Frame(b => b.WriteFrame((byte)'Z')),
        Frame(b => b.WriteFrame((byte)'M')),
        Frame(b => b.WriteFrame((byte)'L', "no end"u8)),
        Frame(b => b.WriteFrame((byte)'C', "h\0"u8)),
        Frame(b => b.WriteFrame((byte)'D')),
        Frame(b => b.WriteFrame((byte)'O', [0, 0, 0, 6])),
        Frame(b => CommandWriter.OptNeg(b, 1, (MilterActions)0x0F, (ProtocolSteps)0x3F)),
    ];

    private static readonly Gen<byte[][]> s_some = Gen.Frequency(
        (4, Gen.Constant(s_message)),
        (3, Gen.Choose(0, (1 << s_message.Length) - 1).Select(mask => s_message.Where((_, i) => (mask & (1 << i)) != 0).ToArray())),
        (2, Gen.Elements(s_message).Select(frame => (byte[][])[frame])),
        (3, Gen.Elements(s_between).Select(frame => (byte[][])[frame])),
        (1, Gen.Constant(s_session)));

    public static Gen<Script> Any { get; } =
        from need in Needs()
        from version in Gen.Frequency((6, Gen.Constant(6u)), (1, Gen.Elements(2u, 3u, 4u, 7u, uint.MaxValue)))
        from actions in Gen.Frequency((4, Gen.Constant(0x1FFu)), (1, s_bits))
        from steps in Gen.Frequency((4, Gen.Constant(0x1FFFFFu)), (2, Gen.Elements(0u, 0x7Fu, 0x37Fu)), (1, s_bits))
        from isWhole in Gen.Elements(true, true, false)
        from parts in s_some.ArrayOf()
        from last in Gen.Frequency((3, Gen.Constant<byte[]?>(null)), (2, Gen.Elements<byte[]?>(s_last)))
        from deeds in Gen.Frequency((5, Gen.Constant(Deed.Continue)), (5, Gen.Elements(Enum.GetValues<Deed>()))).ArrayOf(23)
        let frames = parts.SelectMany(part => part).Take(120)
        select new Script(
            need,
            Frame(b => CommandWriter.OptNeg(b, version, (MilterActions)actions, (ProtocolSteps)steps & ~(ProtocolSteps.MaxData1M | ProtocolSteps.MaxData256K))),
            [.. isWhole ? s_session : [], .. frames, .. last is null ? [] : (byte[][])[last, .. s_message]],
            deeds);

    /// <summary>Tries with less of everything.</summary>
    public IEnumerable<Script> Smaller() =>
    [
        .. Always.Shorter(Frames).Select(frames => this with { Frames = frames }),
        .. Deeds.Select((_, i) => this with { Deeds = [.. Deeds[..i], Deed.Continue, .. Deeds[(i + 1)..]] }).Where(script => !script.Deeds.SequenceEqual(Deeds)),
    ];

    public override string ToString() =>
        $"handles {Need.Handles}; waives {Need.Waived}; offer {Convert.ToHexString(Offer)}; frames {string.Join(' ', Frames.Select(Name))}; deeds {string.Join(' ', Deeds)}";

    private static Gen<MilterDescriptor> Needs() =>
        from handles in Gen.Frequency((2, Gen.Constant(0x3FFFu)), (3, s_bits))
        from waived in Gen.Frequency((2, Gen.Constant(0u)), (2, s_bits), (1, Gen.Constant((uint)Replies)))
        from wanted in Gen.Elements(0u, (uint)ProtocolSteps.Skip, (uint)(ProtocolSteps.Skip | ProtocolSteps.RejectedRecipients))
        from collects in s_bits
        from consumers in Gen.Choose(1, 2)
        from perMessage in Gen.Elements(true, false)
        select SessionDriver.Need(
            (MilterStages)(handles & 0x3FFF) | MilterStages.MessageEnd,
            (ProtocolSteps)waived & (ProtocolSteps)0x000F_FBFF & ~(ProtocolSteps.Skip | ProtocolSteps.RejectedRecipients),
            (ProtocolSteps)wanted,
            collects: (CollectedData)collects & Enum.GetValues<CollectedData>().Aggregate((sum, one) => sum | one),
            bodyConsumers: consumers,
            perMessage: perMessage);

    private static byte[] Frame(Action<FrameBuffer> write)
    {
        using var buffer = new FrameBuffer();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Name(byte[] frame) => frame.Length == 5 ? $"{(char)frame[4]}" : frame.Length < 5 ? "garbage" : $"{(char)frame[4]}[{frame.Length - 5}]";
}
