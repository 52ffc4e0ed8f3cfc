using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Milter.Tests;

namespace Milter.Protocol.Tests.Properties;

/// <summary>Protects what has to hold of the codec for every frame, in both directions: what is written is what is read, and no input makes a reader throw.</summary>
public sealed class CodecProperties
{
    private const int Limit = MilterLimits.MaxPayload;

    private static readonly byte[] s_codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];

    private static readonly byte[] s_known = [.. Enum.GetValues<MilterCommand>().Select(code => (byte)code), .. Enum.GetValues<MilterReply>().Select(code => (byte)code)];

    private static readonly Gen<byte> s_code = Gen.OneOf(Gen.Elements(s_known), Gen.Elements(s_codes));

    [Fact]
    public void What_is_written_is_what_is_read() => Always.Holds(
        Spoken.Any,
        spoken =>
        {
            byte[] bytes = spoken.Frame();
            Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(bytes, Limit, out Frame frame, out int length));
            Assert.Equal(bytes.Length, length);
            Assert.Equal(spoken.Meaning, Meaning.Read(frame));
        },
        3_000);

    [Fact]
    public void Frames_are_the_same_however_the_stream_is_cut() => Always.Holds(
        Spoken.Any.ArrayOf().Zip(Gen.Choose(0, 9).ArrayOf()),
        value =>
        {
            (Spoken[] spoken, int[] cuts) = value;
            byte[] stream = [.. spoken.SelectMany(one => one.Frame())];
            Assert.Equal(spoken.Select(one => one.Meaning), ReadInPieces(stream, cuts));
        },
        smaller: value => Always.Shorter(value.Item1).Select(spoken => (spoken, value.Item2)));

    [Fact]
    public void No_payload_makes_a_reader_throw() => Always.Holds(
        s_code.Zip(Bytes.Anything),
        value => ReadEveryWay(value.Item1, value.Item2),
        5_000,
        value => Always.Shorter(value.Item2).Select(payload => (value.Item1, payload)));

    [Fact]
    public void No_frame_that_was_damaged_or_cut_makes_a_reader_throw() => Always.Holds(
        from spoken in Spoken.Any
        from at in Gen.Choose(0, int.MaxValue)
        from value in Gen.Choose(0, 255)
        from code in s_code
        select (spoken, at, (byte)value, code),
        value =>
        {
            (Spoken spoken, int at, byte changed, byte code) = value;
            byte[] payload = spoken.Frame()[MilterLimits.FrameHeader..];
            ReadEveryWay(code, payload);
            if (payload.Length > 0)
            {
                at %= payload.Length;
                ReadEveryWay(code, payload[..at]);
                payload[at] = changed;
                ReadEveryWay(code, payload);
            }
        },
        3_000);

    [Fact]
    public void Any_stream_is_cut_into_whole_frames_up_to_the_first_that_is_none() => Always.Holds(
        Gen.OneOf(Bytes.Anything, Bytes.Anything.Select(bytes => (byte[])[0, 0, .. bytes]), Spoken.Any.ArrayOf().Select(all => all.SelectMany(one => one.Frame()).ToArray())).Zip(Gen.Choose(0, 300)),
        value =>
        {
            (byte[] stream, int limit) = value;
            ReadOnlySpan<byte> rest = stream;
            FrameStatus status;
            while ((status = FrameReader.TryRead(rest, limit, out Frame frame, out int length)) == FrameStatus.Complete)
            {
                Assert.True(frame.Payload.Length <= limit);
                Assert.Equal(length, MilterLimits.FrameHeader + frame.Payload.Length);
                Assert.True(rest[MilterLimits.FrameHeader..length] == frame.Payload, "the payload is a view of the input");
                rest = rest[length..];
            }

            uint announced = rest.Length < 4 ? 1 : BinaryPrimitives.ReadUInt32BigEndian(rest);
            Assert.Equal(announced == 0 ? FrameStatus.Empty : announced - 1 > (uint)limit ? FrameStatus.TooLong : FrameStatus.Incomplete, status);
        },
        2_000);

    [ReleaseFact]
    public void Nothing_is_allocated_on_the_word_of_a_length_or_of_what_is_in_a_frame() => Always.Holds(
        Gen.OneOf(
            Bytes.Anything,
            Spoken.Any.Select(spoken => spoken.Frame()),
            Bytes.Number.Select(length => (byte[])[(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, (byte)'B', 1, 2, 3])),
        bytes =>
        {
            Touch(bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Touch(bytes);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        },
        3_000);

    [Fact]
    public void Whatever_is_given_to_a_writer_it_writes_one_frame_that_says_it_or_throws_and_writes_nothing() => Always.Holds(
        from code in Gen.Elements("HULhim+-2eqMRCDOy".ToCharArray())
        from texts in Gen.Three(Bytes.Anything)
        from number in Bytes.Number
        select (code, texts.Item1, texts.Item2, texts.Item3, number),
        value =>
        {
            using var buffer = new FrameBuffer();
            CommandWriter.Data(buffer);
            string meaning;
            try
            {
                meaning = WriteAnything(buffer, value.code, value.Item2, value.Item3, value.Item4, value.number);
            }
            catch (ArgumentException)
            {
                Assert.Equal(MilterLimits.FrameHeader, buffer.Length);
                return;
            }

            Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(buffer.WrittenSpan[MilterLimits.FrameHeader..], Limit, out Frame frame, out int length));
            Assert.Equal(buffer.Length, MilterLimits.FrameHeader + length);
            Assert.Equal(meaning, Meaning.Read(frame));
        },
        3_000);

    [Fact]
    public void A_reply_text_that_the_rules_allow_is_one_that_the_strictest_MTA_takes() => Always.Holds(
        ReplyTexts.Any,
        reply =>
        {
            string? reason = ReplyText.Check(reply.Code, reply.Enhanced, reply.Lines);
            if (reason is not null)
            {
                Assert.ThrowsAny<ArgumentException>(() => ReplyText.Encode(reply.Code, reply.Enhanced, reply.Lines));
                return;
            }

            byte[] payload = ReplyText.Encode(reply.Code, reply.Enhanced, reply.Lines);
            Assert.True(ReplyCodePayload.TryRead(payload, out ReplyCodePayload read, out string? error), error);
            Assert.Equal(reply.Code, read.Code);
            Assert.Equal(reply.Lines.Length, read.GetLines().Length);

            // Postfix takes any other digit there for an enhanced code of the wrong class.
            Assert.All(read.GetLines(), line => Assert.True(line.Length == 4 || !char.IsAsciiDigit(line[4]) || line[4] == line[0], line));
        },
        3_000);

    private static List<string> ReadInPieces(byte[] stream, int[] cuts)
    {
        var read = new List<string>();
        byte[] kept = [];
        for (int at = 0, cut = 0; at < stream.Length; cut++)
        {
            int size = cuts.Length == 0 ? stream.Length : cuts[cut % cuts.Length] switch { 0 => 0, < 4 => 1, < 7 => 5, < 9 => 100, _ => 50_000 };
            size = Math.Min(cut > 3 * stream.Length ? stream.Length : size, stream.Length - at);
            kept = [.. kept, .. stream[at..(at + size)]];
            at += size;
            int needed;
            while (FrameReader.TryRead(kept, Limit, out Frame frame, out needed) == FrameStatus.Complete)
            {
                read.Add(Meaning.Read(frame));
                kept = kept[needed..];
            }

            Assert.Equal(kept.Length < 4, needed == 0);
        }

        Assert.Empty(kept);
        return read;
    }

    /// <summary>Reads with every reader, whatever the code says.</summary>
    private static void ReadEveryWay(byte code, byte[] payload)
    {
        Assert.NotEmpty(Meaning.Read(new Frame(code, payload)));
        foreach (byte known in s_known)
        {
            Assert.NotEmpty(Meaning.Read(new Frame(known, payload)));
        }
    }

    /// <summary>What the hot path does with a frame: everything but making strings.</summary>
    private static int Touch(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        if (FrameReader.TryRead(bytes, Limit, out Frame frame, out _) == FrameStatus.Complete)
        {
            bytes = frame.Payload;
        }

        if (OptNegPayload.TryRead(bytes, out OptNegPayload negotiation, out _))
        {
            sum += negotiation.CheckSymbolLists()?.Length ?? 0;
            foreach (SymbolListEntry list in negotiation.SymbolLists)
            {
                sum += list.Names.Length;
            }
        }

        if (MacroPayload.TryRead(bytes, out MacroPayload macros, out _))
        {
            foreach (MacroEntry macro in macros)
            {
                sum += macro.Value.Length;
            }
        }

        if (EnvelopePayload.TryRead(bytes, out EnvelopePayload envelope, out _))
        {
            foreach (ReadOnlySpan<byte> argument in envelope.Arguments)
            {
                sum += argument.Length;
            }
        }

        sum += ConnectPayload.TryRead(bytes, out ConnectPayload connect, out _) ? connect.PlainAddress.Length : 0;
        sum += HeaderPayload.TryRead(bytes, out HeaderPayload header, out _) ? header.Value.Length : 0;
        sum += TextPayload.TryRead(bytes, out ReadOnlySpan<byte> text, out _) ? text.Length : 0;
        sum += ReplyCodePayload.TryRead(bytes, out ReplyCodePayload reply, out _) ? reply.Text.Length : 0;
        sum += HeaderModification.TryRead(MilterReply.InsertHeader, bytes, out HeaderModification change, out _) ? change.Value.Length : 0;
        sum += RecipientModification.TryRead(MilterReply.ChangeSender, bytes, out RecipientModification recipient, out _) ? recipient.Address.Length : 0;
        return sum;
    }

    private static string WriteAnything(FrameBuffer buffer, char code, byte[] first, byte[] second, byte[] third, uint number)
    {
        switch (code)
        {
            case 'H':
                CommandWriter.Helo(buffer, first);
                return Meaning.Of(code, first);
            case 'U':
                CommandWriter.Unknown(buffer, first);
                return Meaning.Of(code, first);
            case 'L':
                CommandWriter.Header(buffer, first, second);
                return Meaning.Of(code, first, second);
            case 'h':
                ReplyWriter.AddHeader(buffer, first, second);
                return Meaning.Of(code, 0, first, second);
            case 'i':
                ReplyWriter.InsertHeader(buffer, number, first, second);
                return Meaning.Of(code, number, first, second);
            case 'm':
                ReplyWriter.ChangeHeader(buffer, number, first, second);
                return Meaning.Of(code, number, first, second);
            case '+':
                ReplyWriter.AddRecipient(buffer, first);
                return Meaning.Of(code, first);
            case '-':
                ReplyWriter.DeleteRecipient(buffer, first);
                return Meaning.Of(code, first);
            case '2':
                ReplyWriter.AddRecipientWithArguments(buffer, first, second);
                return second.Length == 0 ? Meaning.Of(code, first) : Meaning.Of(code, first, second);
            case 'e':
                ReplyWriter.ChangeSender(buffer, first, second);
                return second.Length == 0 ? Meaning.Of(code, first) : Meaning.Of(code, first, second);
            case 'q':
                ReplyWriter.Quarantine(buffer, first);
                return Meaning.Of(code, first);
            case 'M':
                CommandWriter.Mail(buffer, WireText.GetString(first), WireText.GetString(second), WireText.GetString(third));
                return Meaning.Of(code, first, second, third);
            case 'R':
                CommandWriter.Rcpt(buffer, WireText.GetString(first), WireText.GetString(second));
                return Meaning.Of(code, first, second);
            case 'C':
                CommandWriter.Connect(buffer, first, ClientFamily.Unix, (ushort)number, second);
                return Meaning.Of(code, first, ClientFamily.Unix, (ushort)number, second);
            case 'D':
                CommandWriter.Macros(buffer, MilterCommand.Rcpt, [KeyValuePair.Create(WireText.GetString(first), WireText.GetString(second)), KeyValuePair.Create("i", WireText.GetString(third))]);
                return Meaning.Of(code, 'R', first, second, "i", third);
            case 'O':
                ReplyWriter.OptNeg(buffer, number, 0, 0, [new SymbolList((MacroStage)(number % 8), WireText.GetString(first))]);
                return Meaning.Of(code, number, 0, 0, (int)(number % 8), first);
            default:
                ReplyWriter.ReplyCode(buffer, first);
                return ReplyCodePayload.TryRead(first, out ReplyCodePayload reply, out string? error)
                    ? Meaning.Of(code, [reply.Code, reply.EnhancedCode.ToArray(), .. reply.GetTexts().Select(WireText.GetBytes)])
                    : "error: " + error;
        }
    }
}
