namespace Milter.Protocol.Tests;

/// <summary>Protects that what can't be framed is refused with a reason, and leaves the buffer as it was.</summary>
public sealed class WriterGuardTests
{
    private static readonly string s_long = new('x', 65_536);

    public static TheoryData<string> Names => [.. s_refused.Keys];

    private static readonly Dictionary<string, Action<FrameBuffer>> s_refused = new()
    {
        ["connect: NUL in host"] = b => CommandWriter.Connect(b, "a\0b", ClientFamily.Unknown, 0, ""),
        ["connect: NUL in address"] = b => CommandWriter.Connect(b, "a", ClientFamily.IPv4, 0, "1\0"),
        ["connect: no address"] = b => CommandWriter.Connect(b, "a"u8, ClientFamily.IPv4, 0, ""u8),
        ["connect: too long"] = b => CommandWriter.Connect(b, s_long, ClientFamily.IPv4, 0, "::1"),
        ["helo: NUL"] = b => CommandWriter.Helo(b, "a\0"),
        ["helo: too long"] = b => CommandWriter.Helo(b, s_long),
        ["mail: NUL"] = b => CommandWriter.Mail(b, "a\0"),
        ["mail: NUL in argument"] = b => CommandWriter.Mail(b, "a", "A", "B\0"),
        ["mail: NUL in argument bytes"] = b => CommandWriter.Mail(b, "a"u8, "A B\0"u8),
        ["rcpt: too long"] = b => CommandWriter.Rcpt(b, "a", s_long),
        ["rcpt: null argument"] = b => CommandWriter.Rcpt(b, "a", [null!]),
        ["header: empty name"] = b => CommandWriter.Header(b, "", "v"),
        ["header: NUL in value"] = b => CommandWriter.Header(b, "N", "v\0w"),
        ["header: too long"] = b => CommandWriter.Header(b, "N", s_long),
        ["body: empty"] = b => CommandWriter.Body(b, default),
        ["body: too long"] = b => CommandWriter.Body(b, new byte[65_536]),
        ["unknown: NUL"] = b => CommandWriter.Unknown(b, "F\0"),
        ["macros: empty name"] = b => CommandWriter.Macros(b, MilterCommand.Mail, [new("i", "v"), new("", "v")]),
        ["macros: NUL in value"] = b => CommandWriter.Macros(b, MilterCommand.Mail, [new("i", "v"), new("j", "\0")]),
        ["macros: null value"] = b => CommandWriter.Macros(b, MilterCommand.Mail, [new("i", "v"), new("j", null!)]),
        ["macros: too long"] = b => CommandWriter.Macros(b, MilterCommand.Mail, [new("i", "v"), new("j", s_long)]),
        ["optneg: unknown stage"] = b => ReplyWriter.OptNeg(b, 6, 0, 0, [new((MacroStage)7, "i")]),
        ["optneg: negative stage"] = b => ReplyWriter.OptNeg(b, 6, 0, 0, [new((MacroStage)(-1), "i")]),
        ["optneg: stage twice"] = b => ReplyWriter.OptNeg(b, 6, 0, 0, [new(MacroStage.Mail, "i"), new(MacroStage.Mail, "j")]),
        ["optneg: NUL in names"] = b => ReplyWriter.OptNeg(b, 6, 0, 0, [new(MacroStage.Mail, "i\0j")]),
        ["optneg: null names"] = b => ReplyWriter.OptNeg(b, 6, 0, 0, [default]),
        ["optneg: too long"] = b => ReplyWriter.OptNeg(b, 6, 0, 0, [new(MacroStage.Mail, s_long)]),
        ["verdict: with payload"] = b => ReplyWriter.Write(b, MilterReply.ReplyCode),
        ["verdict: modification"] = b => ReplyWriter.Write(b, MilterReply.AddHeader),
        ["verdict: shutdown"] = b => ReplyWriter.Write(b, (MilterReply)'4'),
        ["reply code: empty"] = b => ReplyWriter.ReplyCode(b, default),
        ["reply code: no NUL"] = b => ReplyWriter.ReplyCode(b, "550 x"u8),
        ["reply code: NUL inside"] = b => ReplyWriter.ReplyCode(b, "550 x\0y\0"u8),
        ["reply code: too long"] = b => ReplyWriter.ReplyCode(b, [.. WireText.GetBytes(s_long), 0]),
        ["add header: empty name"] = b => ReplyWriter.AddHeader(b, "", "v"),
        ["add header: null value"] = b => ReplyWriter.AddHeader(b, "N", null!),
        ["add header: too long"] = b => ReplyWriter.AddHeader(b, "N", s_long),
        ["insert header: NUL in name"] = b => ReplyWriter.InsertHeader(b, 0, "N\0", "v"),
        ["insert header: index"] = b => ReplyWriter.InsertHeader(b, 0x8000_0000, "N", "v"),
        ["change header: NUL in value"] = b => ReplyWriter.ChangeHeader(b, 1, "N", "\0"),
        ["change header: index"] = b => ReplyWriter.ChangeHeader(b, 0x8000_0000, "N", "v"),
        ["add recipient: empty"] = b => ReplyWriter.AddRecipient(b, ""),
        ["add recipient: NUL"] = b => ReplyWriter.AddRecipient(b, "a\0"),
        ["add recipient with arguments: empty"] = b => ReplyWriter.AddRecipientWithArguments(b, "", "A"),
        ["add recipient with arguments: NUL"] = b => ReplyWriter.AddRecipientWithArguments(b, "a", "A\0"),
        ["delete recipient: empty"] = b => ReplyWriter.DeleteRecipient(b, ""),
        ["change sender: empty"] = b => ReplyWriter.ChangeSender(b, ""),
        ["change sender: NUL"] = b => ReplyWriter.ChangeSender(b, "a", "\0"),
        ["quarantine: empty"] = b => ReplyWriter.Quarantine(b, ""),
        ["quarantine: NUL"] = b => ReplyWriter.Quarantine(b, "a\0"),
        ["replace body: no chunk size"] = b => ReplyWriter.ReplaceBody(b, "x"u8, 0),
    };

    [Theory, MemberData(nameof(Names))]
    public void Is_refused_and_leaves_no_trace(string name)
    {
        using var buffer = new FrameBuffer();
        buffer.WriteFrame((byte)'c');
        Assert.ThrowsAny<ArgumentException>(() => s_refused[name](buffer));
        Assert.Equal(5, buffer.Length);
    }

    [Fact]
    public void Reasons_say_what_and_where()
    {
        using var buffer = new FrameBuffer();
        var nul = Assert.Throws<ArgumentException>(() => ReplyWriter.AddHeader(buffer, "Name", "ab\0c"));
        Assert.StartsWith("The header value has a NUL at position 2;", nul.Message, StringComparison.Ordinal);
        Assert.Equal("value", nul.ParamName);
        var length = Assert.Throws<ArgumentException>(() => ReplyWriter.AddHeader(buffer, "N", s_long));
        Assert.Contains("65539 bytes of payload; receivers take at most 65535", length.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_payload_fits_exactly()
    {
        using var buffer = new FrameBuffer();
        ReplyWriter.AddHeader(buffer, "N", new string('x', 65_532));
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(buffer.WrittenSpan, MilterLimits.MaxPayload, out Frame frame, out _));
        Assert.Equal(65_535, frame.Payload.Length);
        Assert.Throws<ArgumentException>(() => ReplyWriter.AddHeader(buffer, "N", new string('x', 65_533)));
    }

    [Fact]
    public void A_macro_frame_that_is_no_longer_last_takes_no_more()
    {
        using var buffer = new FrameBuffer();
        MacroFrame macros = CommandWriter.BeginMacros(buffer, MilterCommand.Mail);
        macros.Add("i"u8, "Q1"u8);
        CommandWriter.Mail(buffer, "<a@b>");
        Assert.Throws<InvalidOperationException>(() => macros.Add("j", "x"));
        buffer.Clear();
        Assert.Throws<InvalidOperationException>(() => macros.Add("j", "x"));
        Assert.Throws<InvalidOperationException>(() => default(MacroFrame).Add("j", "x"));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 2)]
    [InlineData(7, 3)]
    public void A_new_body_is_split_without_an_empty_rest(int bytes, int frames)
    {
        using var buffer = new FrameBuffer();
        ReplyWriter.ReplaceBody(buffer, new byte[bytes], maxPayload: 3);
        Assert.Equal(frames * MilterLimits.FrameHeader + bytes, buffer.Length);
    }

    [Fact]
    public void Spaces_around_arguments_make_no_empty_ones()
    {
        using var buffer = new FrameBuffer();
        CommandWriter.Rcpt(buffer, "<a@b>"u8, "  A=1   B "u8);
        FrameReader.TryRead(buffer.WrittenSpan, MilterLimits.MaxPayload, out Frame frame, out _);
        Assert.Equal("R <a@b> (A=1) (B)", WireDescription.Of(frame));
    }
}
