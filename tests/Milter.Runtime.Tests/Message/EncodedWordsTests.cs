using System.Diagnostics;
using System.Text;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects the reading of encoded words (RFC 2047): its own examples, what mail has in practice, and what is meant to hurt.</summary>
public sealed class EncodedWordsTests
{
    // RFC 2047 section 8, and the table at its end.
    [Theory]
    [InlineData("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>")]
    [InlineData("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>", "Keld Jørn Simonsen <keld@dkuug.dk>")]
    [InlineData("=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>", "André Pirard <PIRARD@vm1.ulg.ac.be>")]
    [InlineData("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=", "If you can read this you understand the example.")]
    [InlineData("Nathaniel Borenstein <nsb@thumper.bellcore.com>\n (=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=)", "Nathaniel Borenstein <nsb@thumper.bellcore.com> (םולש ןב ילטפנ)")]
    [InlineData("(=?ISO-8859-1?Q?a?=)", "(a)")]
    [InlineData("(=?ISO-8859-1?Q?a?= b)", "(a b)")]
    [InlineData("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)")]
    [InlineData("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)")]
    [InlineData("(=?ISO-8859-1?Q?a?=\n     =?ISO-8859-1?Q?b?=)", "(ab)")]
    [InlineData("(=?ISO-8859-1?Q?a_b?=)", "(a b)")]
    [InlineData("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)")]
    public void The_RFCs_examples_are_decoded(string value, string expected) => Assert.Equal(expected, EncodedWords.Decode(value));

    [Theory]
    [InlineData("=?utf-8?B?4oKs?=", "€")]
    [InlineData("=?UTF-8*en?q?=e2=82=ac?=", "€")]
    [InlineData("=?windows-1252?Q?=80?=", "€")]
    [InlineData("=?iso-8859-15?Q?=A4?=", "€")]
    [InlineData("=?koi8-r?B?8NLJ18XU?=", "Привет")]
    [InlineData("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本")]
    [InlineData("=?gb2312?B?xOO6ww==?=", "你好")]
    [InlineData("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€")]
    [InlineData("=?utf-8?Q?=E2?=\n =?UTF-8?B?gqw=?=", "€")]
    [InlineData("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab")]
    [InlineData("x=?utf-8?Q?a?=y", "xay")]
    [InlineData("=?utf-8?B?YQ?=", "a")]
    [InlineData("=?utf-8?Q??=", "")]
    [InlineData("=?utf-8?Q?Hello world?=", "Hello world")]
    [InlineData(" =?utf-8?Q?a?= ", "a")]
    [InlineData("folded\n text\n\tmore", "folded text\tmore")]
    [InlineData("crlf\r\n text", "crlf text")]
    [InlineData("a\nb", "a b")]
    [InlineData("Grüße =?utf-8?Q?a?=", "Grüße a")]
    public void What_mail_has_in_practice_is_decoded(string value, string expected) => Assert.Equal(expected, EncodedWords.Decode(value));

    [Theory]
    [InlineData("=?unknown-charset?Q?a?=")]
    [InlineData("=?utf-7?Q?+ADw-?=")]
    [InlineData("=?utf-8?X?a?=")]
    [InlineData("=?utf-8?Q?a=G0?=")]
    [InlineData("=?utf-8?Q?a=4?=")]
    [InlineData("=?utf-8?B?a*==?=")]
    [InlineData("=?utf-8?B?abcde?=")]
    [InlineData("=?utf-8?Q?a")]
    [InlineData("=?utf-8?Q?a?")]
    [InlineData("=?utf-8?Q")]
    [InlineData("=?utf-8?")]
    [InlineData("=??Q?a?=")]
    [InlineData("=?")]
    [InlineData("=?=?=?")]
    [InlineData("=?utf-8?Q?a?b?=")]
    [InlineData("a ?= b =? c")]
    public void What_is_no_encoded_word_stays(string value) => Assert.Equal(value, EncodedWords.Decode(value));

    [Fact]
    public void A_word_after_a_broken_one_is_still_decoded() =>
        Assert.Equal("=?utf-8?Q?=?= ä =?nope?B?x?= ö", EncodedWords.Decode("=?utf-8?Q?=?= =?utf-8?Q?=C3=A4?= =?nope?B?x?= =?utf-8?Q?=C3=B6?="));

    public static TheoryData<string> Hostile => new()
    {
        { "=?" }, { "=?utf-8?Q?" }, { "=?utf-8?Q?=" }, { "=?utf-8?B?A" }, { "=?utf-8?Q?a?= " }, { "=?x?Q?a?=" }, { "=?utf-8?Q?a?=\n " }, { "?" }, { "=" }, { "\n " }, { "=?a?B?AAAA=" },
        { "=?utf-8?Q??=" }, { "=?utf-8?B?=?=" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_input_takes_linear_time(string pattern)
    {
        byte[] value = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(pattern, 1_000_000 / pattern.Length)));
        var watch = Stopwatch.StartNew();

        EncodedWords.Decode(value);

        // Some milliseconds; with its square it would take many minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{pattern}: {watch.Elapsed}");
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(2047);
        byte[] alphabet = [.. "=?utf-8QBqb_ \n\t=?=?AZaz09+/"u8, 0xC3, 0xA4, 0xFF, 0, 13];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] value = new byte[random.Next(60)];
            foreach (ref byte b in value.AsSpan())
            {
                b = alphabet[random.Next(alphabet.Length)];
            }

            Assert.NotNull(EncodedWords.Decode(value));
        }
    }

    [Theory]
    [InlineData("iso-2022-jp")]
    [InlineData("iso-2022-kr")]
    [InlineData("hz-gb-2312")]
    [InlineData("gb18030")]
    [InlineData("euc-jp")]
    [InlineData("euc-kr")]
    [InlineData("shift_jis")]
    [InlineData("big5")]
    [InlineData("x-iscii-de")]
    [InlineData("iso-8859-8-i")]
    [InlineData("windows-1251")]
    public void Rubbish_in_any_charset_is_decoded_without_an_exception(string charset)
    {
        var random = new Random(1);
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);

            string decoded = EncodedWords.Decode($"=?{charset}?B?{Convert.ToBase64String(bytes)}?=");

            Assert.DoesNotContain("=?" + charset, decoded, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_carried_along()
    {
        Assert.Equal("\udcff", EncodedWords.Decode("=?utf-8?Q?=FF?="));
        Assert.Equal("raw \udcff a", EncodedWords.Decode("raw \udcff =?utf-8?Q?a?="));
        Assert.Equal("a\udcffä", EncodedWords.Decode(WireText.GetBytes("a\udcffä")));
    }
}
