using System.Text.RegularExpressions;

namespace Milter.Protocol.Tests;

/// <summary>Protects that text which is not UTF-8 goes through a string and comes out as the same bytes.</summary>
/// <remarks>Attributes can't hold lone surrogates, so their strings are given with escapes as text.</remarks>
public sealed class WireTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("68C3A9", "h\\u00e9")]
    [InlineData("F09F9880", "\\ud83d\\ude00")]
    [InlineData("68E9", "h\\udce9")]
    [InlineData("80FF", "\\udc80\\udcff")]
    [InlineData("C3", "\\udcc3")]
    [InlineData("C0AF", "\\udcc0\\udcaf")]
    [InlineData("E28241", "\\udce2\\udc82A")]
    [InlineData("EDB280", "\\udced\\udcb2\\udc80")]
    [InlineData("EDA0BDEDB880", "\\udced\\udca0\\udcbd\\udced\\udcb8\\udc80")]
    [InlineData("F4908080", "\\udcf4\\udc90\\udc80\\udc80")]
    [InlineData("F09F9880FF41", "\\ud83d\\ude00\\udcffA")]
    public void Bytes_and_text_correspond(string hex, string escaped)
    {
        string text = Regex.Unescape(escaped);
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(text, WireText.GetString(bytes));
        Assert.Equal(bytes, WireText.GetBytes(text));
        Assert.Equal(bytes.Length, WireText.GetByteCount(text));
    }

    [Theory]
    [InlineData("\\ud800", "EFBFBD")]
    [InlineData("a\\udc7fb", "61EFBFBD62")]
    [InlineData("\\udd00\\udcff", "EFBFBDFF")]
    [InlineData("\\ud83d", "EFBFBD")]
    [InlineData("\\udc80\\ud83d\\ude00\\ud83d", "80F09F9880EFBFBD")]
    public void Other_lone_surrogates_become_the_replacement_character(string escaped, string hex)
    {
        string text = Regex.Unescape(escaped);
        Assert.Equal(hex, Convert.ToHexString(WireText.GetBytes(text)));
        Assert.Equal(hex.Length / 2, WireText.GetByteCount(text));
    }

    [Fact]
    public void Random_bytes_come_back_the_same()
    {
        var random = new Random(6);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(i % 100 == 0 ? 2_000 : 40)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                // Mostly valid text with a few bytes broken.
                bytes = System.Text.Encoding.UTF8.GetBytes(string.Concat(bytes.Select(b => char.ConvertFromUtf32(b * 97))));
                if (bytes.Length > 0)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }
            }

            string text = WireText.GetString(bytes);
            Assert.Equal(bytes.Length, WireText.GetByteCount(text));
            Assert.Equal(bytes, WireText.GetBytes(text));
        }
    }

    [Fact]
    public void A_short_destination_is_refused()
    {
        foreach (string text in (string[])["abc", "ab\udcff", "a\ud800", "\udcff\u00e9"])
        {
            byte[] room = new byte[WireText.GetByteCount(text)];
            Assert.Equal(room.Length, WireText.GetBytes(text, room));
            Assert.Throws<ArgumentException>(() => WireText.GetBytes(text, room.AsSpan(1)));
        }
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => WireText.GetByteCount(null!));
        Assert.Throws<ArgumentNullException>(() => WireText.GetBytes(null!));
        Assert.Throws<ArgumentNullException>(() => WireText.GetBytes(null!, default));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("j\u00f6rg \U0001f600", "j\u00f6rg \U0001f600")]
    [InlineData("back\\slash", "back\\slash")]
    [InlineData("a\r\n\u001b[0m\u007f", "a\\x0D\\x0A\\x1B[0m\\x7F")]
    [InlineData("\u0085", "\\u0085")]
    public void Printable_is_what_everybody_takes(string text, string printable) => Assert.Equal(printable, WireText.ToPrintable(text));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_shown_by_their_numbers()
    {
        Assert.Equal("a\\xFFb\\uD800", WireText.ToPrintable("a\udcffb\ud800"));
        Assert.True(WireText.IsText(WireText.ToPrintable("a\udcffb\ud800")));
        Assert.False(WireText.IsText("a\udcff"));
        Assert.True(WireText.IsText("\U0001f600"));
    }
}
