using System.Text;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects what is made of text for a header field: encoded words within RFC 2047's limits, folds that change nothing, and refusals of what would be another field.</summary>
public sealed class EncodingTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Grüße", "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=")]
    [InlineData("[EXTERNAL] Grüße aus Köln am Rhein", "[EXTERNAL] =?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus =?utf-8?Q?K=C3=B6ln?= am\n Rhein")]
    [InlineData("schöne Grüße", "=?utf-8?Q?sch=C3=B6ne_Gr=C3=BC=C3=9Fe?=")]
    [InlineData("你好", "=?utf-8?B?5L2g5aW9?=")]
    [InlineData("ä =?utf-8?Q?b?= ö", "=?utf-8?Q?=C3=A4_?= =?utf-8?Q?b?= =?utf-8?Q?_=C3=B6?=")]
    [InlineData("=?utf-8?Q?b?= plain", "=?utf-8?Q?b?= plain")]
    [InlineData("esc\u001b[31m", "=?utf-8?Q?esc=1B=5B31m?=")]
    [InlineData("[tag] \u001b$B$3$s$K$A$O\u001b(B ü", "[tag] \u001b$B$3$s$K$A$O\u001b(B =?utf-8?Q?=C3=BC?=")]
    [InlineData("a\n folded ü", "a\n folded =?utf-8?Q?=C3=BC?=")]
    [InlineData("", "")]
    public void Text_is_encoded_where_it_needs_to_be(string text, string expected) => Assert.Equal(expected, Encode(text));

    [Fact]
    public void Bytes_that_are_no_UTF8_go_back_as_they_came() =>
        Assert.Equal("\udcff raw, =?utf-8?Q?sch=C3=B6n?=", Encode("\udcff raw, schön"));

    [Fact]
    public void Text_stays_in_an_SMTPUTF8_message() => Assert.Equal("Grüße", Encode("Grüße", allowUtf8: true));

    [Fact]
    public void Random_text_comes_back_and_keeps_the_limits()
    {
        var random = new Random(5322);
        string[] pieces = ["a", "word", " ", " ", "  ", "ü", "é", "你", "😀", "=?", "?=", "_", "=", " =?utf-8?Q?x?= ", "longer-than-others", "\u00a0", "\u007f"];
        for (int round = 0; round < 5_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => pieces[random.Next(pieces.Length)]));

            string encoded = Encode(text);

            string[] lines = ("Subject: " + encoded).Split('\n');
            Assert.All(lines, line => Assert.True(line.Length <= 998 && !string.IsNullOrWhiteSpace(line)));
            Assert.All(lines.SelectMany(line => line.Split(' ')).Where(word => word.StartsWith("=?utf-8?", StringComparison.Ordinal) && word.EndsWith("?=", StringComparison.Ordinal) && !word[2..^2].Contains("=?", StringComparison.Ordinal)), word => Assert.True(word.Length <= 75, word));
            Assert.True(Ascii.IsValid(encoded));
            Assert.Equal(EncodedWords.Decode(text), EncodedWords.Decode(encoded));
        }
    }

    [Fact]
    public void A_character_is_never_split_over_words()
    {
        foreach (string letter in (string[])["ü", "你", "😀", "aü"])
        {
            string encoded = Encode(string.Concat(Enumerable.Repeat(letter, 200)));

            Assert.All(encoded.Split('\n'), line => Assert.DoesNotContain('\udcff', EncodedWords.Decode(line).Select(c => c is >= '\udc80' and <= '\udcff' && !letter.Contains(c) ? '\udcff' : ' ')));
            Assert.All(("Subject: " + encoded).Split('\n'), line => Assert.True(line.Length <= 76, line));
        }
    }

    [Theory]
    [InlineData("Müller, Jörg", "=?utf-8?Q?M=C3=BCller=2C_J=C3=B6rg?=")]
    [InlineData("Huber, Jörg (x)", "=?utf-8?Q?Huber=2C_J=C3=B6rg_=28x=29?=")]
    [InlineData("plain", "plain")]
    public void A_phrase_is_encoded_whole(string text, string expected) => Assert.Equal(expected, EncodedWords.Encode(text));

    [Fact]
    public void Long_text_is_folded_where_there_is_white_space()
    {
        string text = string.Join(' ', Enumerable.Repeat("0123456789", 30));

        string folded = Encode(text);

        Assert.All(("Subject: " + folded).Split('\n'), line => Assert.True(line.Length <= 78));
        Assert.Equal(text, folded.Replace("\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(100, 5)]
    [InlineData(0, 500)]
    [InlineData(500, 100)]
    public void White_space_is_never_a_line_of_its_own(int before, int after)
    {
        string text = new string(' ', before) + new string('x', 90) + new string(' ', after);

        Assert.All(("Subject: " + Encode(text)).Split('\n'), line => Assert.False(string.IsNullOrWhiteSpace(line)));
    }

    [Fact]
    public void What_can_not_be_folded_stays_as_it_is_since_it_may_be_the_messages_own()
    {
        Assert.Equal(2_000, Encode(new string('x', 2_000)).Length);
        Assert.Equal(1_998, Encode(new string('x', 900) + "\n " + new string('y', 997) + " " + new string('z', 98)).Length - 1);
    }

    [Theory]
    [InlineData("a\r\n b")]
    [InlineData("a\0b")]
    [InlineData("a\nBcc: victim@example.org")]
    [InlineData("a\n")]
    [InlineData("a\n\n b")]
    [InlineData("ü\r\nBcc: victim@example.org")]
    public void What_would_be_another_field_is_refused(string value)
    {
        Assert.Throws<ArgumentException>(() => Encode(value));
        Assert.Throws<ArgumentException>(() => HeaderText.CheckValue("Subject"u8, WireText.GetBytes(value)));
    }

    [Fact]
    public void What_does_not_fit_into_a_packet_is_refused() =>
        Assert.Throws<ArgumentException>(() => HeaderText.CheckValue("Subject"u8, new byte[65_525].AsSpan().ToArray().Select(_ => (byte)'x').ToArray()));

    [Theory]
    [InlineData("")]
    [InlineData("Sub ject")]
    [InlineData("Subject:")]
    [InlineData("Sübject")]
    [InlineData("Sub\nject")]
    [InlineData("Sub\0ject")]
    public void What_is_no_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => HeaderText.CheckName(WireText.GetBytes(name)));

    private static string Encode(string text, bool allowUtf8 = false) => WireText.GetString(HeaderText.Encode("Subject"u8, text, WireText.GetBytes(text), allowUtf8));
}
