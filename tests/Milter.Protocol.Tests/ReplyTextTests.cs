namespace Milter.Protocol.Tests;

/// <summary>Protects the rules of reply texts, each of which some MTA punishes with a wrong or a dead session.</summary>
public sealed class ReplyTextTests
{
    [Theory]
    [InlineData(399), InlineData(600), InlineData(250), InlineData(0), InlineData(-450)]
    public void Codes_out_of_range_are_refused(int code)
    {
        Assert.Contains("400 to 599", ReplyText.Check(code, null, ["x"]), StringComparison.Ordinal);
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => ReplyText.Encode(code, null, "x"));
        Assert.Equal("code", thrown.ParamName);
    }

    [Theory]
    [InlineData(400), InlineData(421), InlineData(599)]
    public void Codes_in_range_pass(int code) => Assert.Null(ReplyText.Check(code, null, ["x"]));

    [Theory]
    [InlineData(550, "5.7.1", null)]
    [InlineData(550, "5.123.999", null)]
    [InlineData(450, "4.0.0", null)]
    [InlineData(550, "4.7.1", "another class")]
    [InlineData(450, "5.7.1", "another class")]
    [InlineData(550, "2.0.0", "another class")]
    [InlineData(550, "5.7", "form")]
    [InlineData(550, "5.7.", "form")]
    [InlineData(550, "5..1", "form")]
    [InlineData(550, "5.7.1 ", "form")]
    [InlineData(550, "5.7.1000", "form")]
    [InlineData(550, "5.7.1.1", "form")]
    [InlineData(550, "5.7.x", "form")]
    [InlineData(550, "3.7.1", "form")]
    [InlineData(550, "5.7.\u0661", "form")]
    public void Enhanced_codes_have_form_and_class(int code, string enhanced, string? complaint)
    {
        string? reason = ReplyText.Check(code, enhanced, ["x"]);
        if (complaint is null)
        {
            Assert.Null(reason);
            return;
        }

        Assert.Contains(complaint, reason, StringComparison.Ordinal);
        Assert.Equal("enhanced", Assert.Throws<ArgumentException>(() => ReplyText.Encode(code, enhanced, "x")).ParamName);
    }

    // Postfix 3.7 says "malformed reply" to the first of these without an enhanced code, and asks the filter no more in that session.
    [Theory]
    [InlineData(550, null, "192.0.2.7 is listed", "550 5.0.0 192.0.2.7 is listed")]
    [InlineData(450, null, "5.7.1 later", "450 4.0.0 5.7.1 later")]
    [InlineData(550, null, "5 viruses", "550 5 viruses")]
    [InlineData(550, null, "No", "550 No")]
    [InlineData(550, null, "", "550 ")]
    [InlineData(550, "5.7.1", "192.0.2.7 is listed", "550 5.7.1 192.0.2.7 is listed")]
    public void A_text_that_begins_with_another_digit_than_its_code_gets_an_enhanced_code(int code, string? enhanced, string line, string expected) =>
        Assert.Equal(expected + "\0", WireText.GetString(ReplyText.Encode(code, enhanced, line)));

    [Fact]
    public void Lines_are_from_one_to_thirty_two()
    {
        Assert.Contains("not 0", ReplyText.Check(550, null, []), StringComparison.Ordinal);
        Assert.Contains("not 33", ReplyText.Check(550, null, Enumerable.Repeat("x", 33).ToArray()), StringComparison.Ordinal);
        Assert.Null(ReplyText.Check(550, null, Enumerable.Repeat("x", 32).ToArray()));
        Assert.Null(ReplyText.Check(550, "5.7.1", [.. Enumerable.Repeat(new string('x', 980), 16)]));
        Assert.Contains("in all, codes and line ends included, more than 16000", ReplyText.Check(550, "5.7.1", [.. Enumerable.Repeat(new string('x', 980), 17)]), StringComparison.Ordinal);
        Assert.Equal("lines", Assert.Throws<ArgumentException>(() => ReplyText.Encode(550, "5.7.1")).ParamName);
        Assert.Contains("Line 2", ReplyText.Check(550, null, ["x", null!]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_has_at_most_980_bytes_and_a_percent_sign_counts_twice()
    {
        Assert.Null(ReplyText.Check(550, null, [new string('x', 980)]));
        Assert.Null(ReplyText.Check(550, null, [new string('x', 978) + "%"]));
        Assert.Contains("981 bytes", ReplyText.Check(550, null, [new string('x', 979) + "%"]), StringComparison.Ordinal);
        Assert.Contains("981 bytes", ReplyText.Check(550, null, [new string('x', 981)]), StringComparison.Ordinal);
        Assert.Null(ReplyText.Check(550, null, [new string('\u00e9', 490)]));
        Assert.Contains("982 bytes", ReplyText.Check(550, null, [new string('\u00e9', 491)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('\r'), InlineData('\n'), InlineData('\0'), InlineData('\u001b'), InlineData('\u007f'), InlineData('\u0085')]
    public void Control_characters_are_refused(char control)
    {
        string? reason = ReplyText.Check(550, null, ["fine", $"ab{control}c"]);
        Assert.Contains($"Line 2 of the reply has the control character U+{(int)control:X4} at position 2", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_and_foreign_bytes_pass()
    {
        byte[] text = ReplyText.Encode(550, "5.7.1", "a\tb \u00e9 \udcff");
        Assert.Equal([.. "550 5.7.1 a\tb \u00e9 "u8, 0xFF, 0], text);
    }

    [Fact]
    public void What_is_no_printable_ASCII_is_replaced_byte_by_byte()
    {
        byte[] text = ReplyText.Encode(550, "5.7.1", "gr\u00fc\u00dfe", "a\tb\udcff");

        Assert.Equal("550-5.7.1 gr????e\r\n550 5.7.1 a\tb?\0"u8, ReplyText.ToAscii(text));
        Assert.Equal("gr????e ~", ReplyText.ToAscii("gr\u00fc\u00dfe ~"));
    }

    public static TheoryData<string?, string[]> Data => new()
    {
        { null, [""] },
        { "", [""] },
        { "plain", ["plain"] },
        { "one\r\ntwo\nthree\rfour\r\n", ["one", "two", "three", "four"] },
        { "a\0\u001b[0m\u0085b", ["a??[0m", "b"] },
        { "gr\u00fc\u00dfe \udcff \ud800", ["gr\u00fc\u00dfe ? ?"] },
        { "100%", ["100%"] },
        { new string('x', 1000), [new string('x', 980)] },
        { new string('%', 1000), [new string('%', 490)] },
        { new string('x', 979) + "\U0001f600", [new string('x', 979)] },
    };

    [Theory, MemberData(nameof(Data))]
    public void Data_is_cleaned_and_cut(string? data, string[] lines) => Assert.Equal(lines, ReplyText.Clean(data));

    [Theory]
    [InlineData(1, 100_000), InlineData(40, 10), InlineData(40, 980), InlineData(17, 980), InlineData(33, 480)]
    public void What_is_cleaned_is_always_taken(int lines, int width)
    {
        string[] clean = ReplyText.Clean(string.Join('\n', Enumerable.Repeat(new string('%', width), lines)));

        Assert.Null(ReplyText.Check(550, "5.123.123", clean));
        Assert.InRange(ReplyText.Encode(550, "5.123.123", clean).Length, 1, MilterLimits.MaxReplyBytes + 1);
    }

    [Fact]
    public void Several_lines_without_enhanced_code_get_one_of_their_class()
    {
        Assert.Equal("554-5.0.0 a\r\n554 5.0.0 b\0"u8, ReplyText.Encode(554, null, "a", "b"));
        Assert.Equal("450 a\0"u8, ReplyText.Encode(450, null, "a"));
    }

    [Fact]
    public void The_longest_reply_fits_one_frame_and_reads_back()
    {
        string[] lines = [.. Enumerable.Repeat(new string('%', 490), 16)];
        byte[] text = ReplyText.Encode(550, "5.123.123", lines);
        using var buffer = new FrameBuffer();
        ReplyWriter.ReplyCode(buffer, text);

        Assert.True(ReplyCodePayload.TryRead(text, out ReplyCodePayload value, out _));
        Assert.Equal(lines, value.GetTexts());
        Assert.Equal("5.123.123"u8, value.EnhancedCode);
    }

    [Fact]
    public void What_encode_makes_is_read_back()
    {
        byte[] text = ReplyText.Encode(451, "4.7.1", "100% %s %%", "", "last");
        Assert.True(ReplyCodePayload.TryRead(text, out ReplyCodePayload value, out string? error));
        Assert.Null(error);
        Assert.Equal(451, value.Code);
        Assert.Equal(["100% %s %%", "", "last"], value.GetTexts());
        Assert.Equal(["451-4.7.1 100% %s %%", "451-4.7.1 ", "451 4.7.1 last"], value.GetLines());
    }

    [Fact]
    public void An_empty_enhanced_code_stands_for_none_whatever_the_text_begins_with() =>
        Assert.Equal("550 192.0.2.7 is listed\0"u8.ToArray(), ReplyText.Encode(550, "", "192.0.2.7 is listed"));
}
