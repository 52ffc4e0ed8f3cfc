using System.Globalization;
using System.Text;
using MimeKit;
using MimeKit.Utils;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Holds the reading of encoded words against another reader, MimeKit: they agree on what is well formed, and each difference elsewhere is judged.</summary>
public sealed class EncodedWordsAgainstMimeKitTests
{
    private static readonly string[] s_charsets =
    [
        "utf-8", "UTF-8", "us-ascii", "iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-7", "iso-8859-9", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "windows-1256", "koi8-r", "koi8-u",
        "shift_jis", "iso-2022-jp", "euc-jp", "gb2312", "gbk", "gb18030", "big5", "euc-kr", "ks_c_5601-1987", "cp1252", "cp866", "macintosh",
    ];

    private static readonly string[] s_texts = ["Hello world", "Gr\u00fc\u00dfe aus K\u00f6ln", "\u041f\u0440\u0438\u0432\u0435\u0442", "\u65e5\u672c\u8a9e", "\u4f60\u597d", "\uc548\ub155", "\u0391\u03b8\u03ae\u03bd\u03b1", "\u0633\u0644\u0627\u0645", "100% =?_?= <a@b>"];

    [Fact]
    public void Both_read_well_formed_words_alike()
    {
        var random = new Random(2047);
        for (int round = 0; round < 3_000; round++)
        {
            string value = Compose(random);

            Assert.Equal(Theirs(value), EncodedWords.Decode(value));
        }
    }

    // The names that programs write, and no standard has.
    [Theory]
    [InlineData("iso8859-1", 0xE9, "\u00e9")]
    [InlineData("ISO_8859-1", 0xE9, "\u00e9")]
    [InlineData("latin1", 0xE9, "\u00e9")]
    [InlineData("iso8859-15", 0xA4, "\u20ac")]
    [InlineData("cp1252", 0x80, "\u20ac")]
    [InlineData("windows1252", 0x80, "\u20ac")]
    [InlineData("win-1251", 0xCF, "\u041f")]
    [InlineData("cp-850", 0x82, "\u00e9")]
    [InlineData("ibm866", 0x8F, "\u041f")]
    [InlineData("koi8r", 0xF0, "\u041f")]
    [InlineData("tis-620", 0xA1, "\u0e01")]
    [InlineData("x-mac-roman", 0x8E, "\u00e9")]
    public void Names_that_mail_has_are_known(string charset, int b, string expected) =>
        Assert.Equal(expected, EncodedWords.Decode(string.Create(CultureInfo.InvariantCulture, $"=?{charset}?Q?={b:X2}?=")));

    [Theory]
    [InlineData("windows-31j", "k/qWew==", "\u65e5\u672c")]
    [InlineData("cp932", "k/qWew==", "\u65e5\u672c")]
    [InlineData("x-sjis", "k/qWew==", "\u65e5\u672c")]
    [InlineData("MS932", "k/qWew==", "\u65e5\u672c")]
    [InlineData("cp936", "xOO6ww==", "\u4f60\u597d")]
    [InlineData("x-gbk", "xOO6ww==", "\u4f60\u597d")]
    [InlineData("uhc", "vsiz5w==", "\uc548\ub155")]
    [InlineData("big5-hkscs", "p0Gmbg==", "\u4f60\u597d")]
    [InlineData("utf-16", "/v8AZQDp", "e\u00e9")]
    [InlineData("utf-16", "//5lAOkA", "e\u00e9")]
    [InlineData("utf-16", "AGUA6Q==", "e\u00e9")]
    [InlineData("utf-16le", "ZQDpAA==", "e\u00e9")]
    [InlineData("utf-32", "AAAAZQAAAOk=", "e\u00e9")]
    [InlineData("unicode-1-1-utf-8", "w6k=", "\u00e9")]
    public void Names_that_mail_has_are_known_in_B(string charset, string text, string expected) => Assert.Equal(expected, EncodedWords.Decode($"=?{charset}?B?{text}?="));

    // Each judged: ours shows what a person meant, or what was sent.
    [Theory]
    [InlineData("=?no-such-charset?Q?a?=", "=?no-such-charset?Q?a?=")] // What is not known stays to be seen; MimeKit reads it as another charset.
    [InlineData("=?utf-7?Q?+ADw-?=", "=?utf-7?Q?+ADw-?=")] // UTF-7 hides ASCII from filters.
    public void Where_the_two_differ_ours_is_meant(string value, string expected)
    {
        Assert.Equal(expected, EncodedWords.Decode(value));
        Assert.NotEqual(expected, Theirs(value));
    }

    // Bytes that are no UTF-8 go through unharmed; MimeKit guesses a charset.
    [Fact]
    public void Bytes_that_are_no_UTF8_stay()
    {
        Assert.Equal("\udcff", EncodedWords.Decode("=?utf-8?Q?=FF?="));
        Assert.NotEqual("\udcff", Theirs("=?utf-8?Q?=FF?="));
    }

    private static string Compose(Random random)
    {
        var value = new StringBuilder();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            Encoding charset = Encoding.GetEncoding(s_charsets[random.Next(s_charsets.Length)] is var name && name.StartsWith("cp", StringComparison.Ordinal) ? "windows-1252" : name, new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback);
            byte[] bytes = charset.GetBytes(s_texts[random.Next(s_texts.Length)]);
            string called = name.StartsWith("cp", StringComparison.Ordinal) ? "cp1252" : name;
            value.Append(random.Next(4) == 0 ? "plain"
                : random.Next(2) == 0 ? $"=?{called}?B?{Convert.ToBase64String(bytes)}?="
                : $"=?{called}?Q?{string.Concat(bytes.Select(b => b == ' ' ? "_" : char.IsAsciiLetterOrDigit((char)b) ? ((char)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"={b:X2}")))}?=");
            value.Append(random.Next(3) == 0 ? "\n " : " ");
        }

        return value.ToString().TrimEnd();
    }

    // What a header's value is to MimeKit: unfolded and decoded.
    private static string Theirs(string value) => Rfc2047.DecodeText(ParserOptions.Default, WireText.GetBytes(value.Replace("\n ", " ", StringComparison.Ordinal)));

    static EncodedWordsAgainstMimeKitTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
