using FsCheck;
using FsCheck.Fluent;
using static Milter.Protocol.Tests.Properties.Meaning;

namespace Milter.Protocol.Tests.Properties;

/// <summary>One frame: how a writer is told to write it, and what readers have to find in it. Every writer of both sides has a row.</summary>
/// <param name="Meaning">What is to be read.</param>
/// <param name="Write">Writes it.</param>
internal sealed record Spoken(string Meaning, Action<FrameBuffer> Write)
{
    private static readonly Gen<bool> s_coin = Gen.Elements(false, true);

    /// <summary>What an MTA says.</summary>
    public static Gen<Spoken> Command { get; } = Gen.OneOf(
        from version in Bytes.Number
        from actions in Bytes.Number
        from steps in Bytes.Number
        select new Spoken(Of('O', version, actions, steps), b => CommandWriter.OptNeg(b, version, (MilterActions)actions, (ProtocolSteps)steps)),
        from command in Gen.Elements(Enum.GetValues<MilterCommand>())
        from macros in Bytes.NotEmptyText.Zip(Bytes.Text).ArrayOf()
        from text in s_coin
        select new Spoken(Of('D', [(char)command, .. macros.SelectMany(macro => new object[] { macro.Item1, macro.Item2 })]), b => WriteMacros(b, command, macros, text)),
        from host in Bytes.Text
        from family in Gen.Elements(ClientFamily.IPv4, ClientFamily.IPv6, ClientFamily.Unix)
        from port in Gen.Choose(0, 65_535)
        from address in Bytes.NotEmptyText
        from text in s_coin
        select new Spoken(Of('C', host, family, port, address), text
            ? b => CommandWriter.Connect(b, Text(host), family, (ushort)port, Text(address))
            : b => CommandWriter.Connect(b, host, family, (ushort)port, address)),
        from host in Bytes.Text
        select new Spoken(Of('C', host, ClientFamily.Unknown, 0, ""), b => CommandWriter.Connect(b, host, ClientFamily.Unknown, 7, default(ReadOnlySpan<byte>))),
        OneText('H', CommandWriter.Helo, CommandWriter.Helo),
        OneText('U', CommandWriter.Unknown, CommandWriter.Unknown),
        Envelope('M', CommandWriter.Mail, (b, address, arguments) => CommandWriter.Mail(b, address, arguments)),
        Envelope('R', CommandWriter.Rcpt, (b, address, arguments) => CommandWriter.Rcpt(b, address, arguments)),
        Field('L', CommandWriter.Header, CommandWriter.Header),
        from chunk in Bytes.Anything.Where(chunk => chunk.Length is > 0 and <= MilterLimits.MaxPayload)
        select new Spoken(Of('B', chunk), b => CommandWriter.Body(b, chunk)),
        Gen.Elements(
            new Spoken("T", CommandWriter.Data),
            new Spoken("N", CommandWriter.EndOfHeaders),
            new Spoken("E", CommandWriter.EndOfMessage),
            new Spoken("A", CommandWriter.Abort),
            new Spoken("Q", CommandWriter.Quit),
            new Spoken("K", CommandWriter.QuitNewConnection)));

    /// <summary>What a filter says.</summary>
    public static Gen<Spoken> Reply { get; } = Gen.OneOf(
        from version in Bytes.Number
        from actions in Bytes.Number
        from steps in Bytes.Number
        from lists in Gen.Elements(Enum.GetValues<MacroStage>()).Zip(Bytes.Text.Select(Text)).ArrayOf()
        let distinct = lists.DistinctBy(list => list.Item1).Select(list => new SymbolList(list.Item1, list.Item2)).ToArray()
        select new Spoken(
            Of('O', [version, actions, steps, .. distinct.OrderBy(list => list.Stage).SelectMany(list => new object[] { (int)list.Stage, WireText.GetBytes(list.Names) })]),
            b => ReplyWriter.OptNeg(b, version, (MilterActions)actions, (ProtocolSteps)steps, distinct)),
        Gen.Elements([MilterReply.Continue, MilterReply.Accept, MilterReply.Discard, MilterReply.Reject, MilterReply.TempFail, MilterReply.Skip, MilterReply.Progress])
            .Select(reply => new Spoken(Of((char)reply), b => ReplyWriter.Write(b, reply))),
        Gen.Constant(new Spoken("p", ReplyWriter.Progress)),
        ReplyTexts.Good.Select(reply => new Spoken(Of('y', [reply.Code, reply.Sent, .. reply.Lines.Select(WireText.GetBytes)]), b => ReplyWriter.ReplyCode(b, ReplyText.Encode(reply.Code, reply.Enhanced, reply.Lines)))),
        Field('h', ReplyWriter.AddHeader, ReplyWriter.AddHeader),
        IndexedField('i', ReplyWriter.InsertHeader, ReplyWriter.InsertHeader),
        IndexedField('m', ReplyWriter.ChangeHeader, ReplyWriter.ChangeHeader),
        OneText('+', ReplyWriter.AddRecipient, ReplyWriter.AddRecipient, Bytes.NotEmptyText),
        OneText('-', ReplyWriter.DeleteRecipient, ReplyWriter.DeleteRecipient, Bytes.NotEmptyText),
        Recipient('2', ReplyWriter.AddRecipientWithArguments, ReplyWriter.AddRecipientWithArguments),
        Recipient('e', ReplyWriter.ChangeSender, ReplyWriter.ChangeSender),
        from body in Bytes.Anything.Where(body => body.Length <= MilterLimits.MaxPayload)
        select new Spoken(Of('b', body), b => ReplyWriter.ReplaceBody(b, body)),
        OneText('q', ReplyWriter.Quarantine, ReplyWriter.Quarantine, Bytes.NotEmptyText));

    public static Gen<Spoken> Any { get; } = Gen.OneOf(Command, Reply);

    private delegate void FromBytes(FrameBuffer buffer, ReadOnlySpan<byte> text);

    private delegate void TwoFromBytes(FrameBuffer buffer, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    private delegate void IndexedFromBytes(FrameBuffer buffer, uint index, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    public byte[] Frame()
    {
        using var buffer = new FrameBuffer();
        Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public override string ToString() => Meaning.Length > 400 ? Meaning[..400] + "..." : Meaning;

    private static string Text(byte[] bytes) => WireText.GetString(bytes);

    private static Gen<Spoken> OneText(char code, FromBytes write, Action<FrameBuffer, string> writeText, Gen<byte[]>? texts = null) =>
        from value in texts ?? Bytes.Text
        from text in s_coin
        select new Spoken(Of(code, value), text ? b => writeText(b, Text(value)) : b => write(b, value));

    private static Gen<Spoken> Field(char code, TwoFromBytes write, Action<FrameBuffer, string, string> writeText) =>
        from name in Bytes.NotEmptyText
        from value in Bytes.Text
        from text in s_coin
        select new Spoken(code == 'L' ? Of(code, name, value) : Of(code, 0, name, value), text ? b => writeText(b, Text(name), Text(value)) : b => write(b, name, value));

    private static Gen<Spoken> IndexedField(char code, IndexedFromBytes write, Action<FrameBuffer, uint, string, string> writeText) =>
        from index in Bytes.Index
        from name in Bytes.NotEmptyText
        from value in Bytes.Text
        from text in s_coin
        select new Spoken(Of(code, index, name, value), text ? b => writeText(b, index, Text(name), Text(value)) : b => write(b, index, name, value));

    private static Gen<Spoken> Recipient(char code, TwoFromBytes write, Action<FrameBuffer, string, string> writeText) =>
        from address in Bytes.NotEmptyText
        from arguments in Bytes.Text
        from text in s_coin
        select new Spoken(arguments.Length == 0 ? Of(code, address) : Of(code, address, arguments), text ? b => writeText(b, Text(address), Text(arguments)) : b => write(b, address, arguments));

    private static Gen<Spoken> Envelope(char code, TwoFromBytes write, Action<FrameBuffer, string, string[]> writeTexts) => Gen.OneOf(
        from address in Bytes.Text
        from words in Bytes.Word.ArrayOf()
        let joined = words.Aggregate(Array.Empty<byte>(), (sum, word) => [.. sum, (byte)' ', .. word])
        select new Spoken(Of(code, [address, .. words]), b => write(b, address, joined)),
        from address in Bytes.Text
        from arguments in Bytes.Text.ArrayOf()
        select new Spoken(Of(code, [address, .. arguments]), b => writeTexts(b, Text(address), [.. arguments.Select(Text)])));

    private static void WriteMacros(FrameBuffer buffer, MilterCommand command, (byte[] Name, byte[] Value)[] macros, bool text)
    {
        if (text)
        {
            CommandWriter.Macros(buffer, command, [.. macros.Select(macro => KeyValuePair.Create(Text(macro.Name), Text(macro.Value)))]);
            return;
        }

        MacroFrame frame = CommandWriter.BeginMacros(buffer, command);
        foreach ((byte[] name, byte[] value) in macros)
        {
            frame.Add(name, value);
        }
    }
}
