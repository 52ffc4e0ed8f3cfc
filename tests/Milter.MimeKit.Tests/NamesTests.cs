using System.Text;
using Milter.Mime.Content;
using Milter.Mime.Names;

namespace Milter.Mime.Tests;

/// <summary>All names that some mail program may see, and when they are said to disagree.</summary>
public sealed class NamesTests
{
    [Theory]
    [InlineData("Content-Disposition: attachment; filename=\"a.pdf\"", "a.pdf")]
    [InlineData("Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=\"a.pdf\"", "a.pdf")]
    [InlineData("Content-Disposition: attachment; filename*=UTF-8''%C3%BCbung.exe", "übung.exe")]
    [InlineData("Content-Disposition: attachment; filename*=koi8-r''%D0%D2%C9%D7%C5%D4.exe", "привет.exe")]
    [InlineData("Content-Disposition: attachment;\n filename*0*=UTF-8''ev%69;\n filename*1=l;\n filename*2*=%2Eexe", "evil.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"evil.exe", "evil.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"\u00fcbung.exe\"", "übung.exe")]
    [InlineData("content-disposition: ATTACHMENT; FileName=evil.exe", "evil.exe")]
    public void One_name_however_it_is_written(string fields, string name)
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment(fields));

        Assert.Equal([name], parts.Find("1.2")!.Names);
        Assert.Empty(parts.Ambiguities);
    }

    // Some programs decode words in quotes, some show them as they stand: both names count, and they are one.
    [Theory]
    [InlineData("Content-Disposition: attachment; filename=\"=?UTF-8?Q?evil.exe?=\"")]
    [InlineData("Content-Disposition: attachment; filename*=UTF-8''%3D%3FUTF-8%3FQ%3Fevil.exe%3F%3D")]
    [InlineData("Content-Disposition: attachment; filename*0=\"=?UTF-8?B?ZXZpb\"; filename*1=\"C5leGU=?=\"")]
    [InlineData("Content-Type: application/x; name=\"=?UTF-8?Q?evil.exe?=\"\nContent-Disposition: attachment; filename*=UTF-8''evil.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"=?UTF-8?Q?evil?=\n =?UTF-8?Q?.exe?=\"")]
    [InlineData("Content-Disposition: attachment; filename=\"ev\n il.exe\"")]
    public void Spellings_of_a_name_are_all_there_and_do_not_disagree(string fields)
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment(fields));

        Assert.Contains("evil.exe", parts.Find("1.2")!.Names);
        Assert.True(parts.Find("1.2")!.HasExtension(".EXE"));
        Assert.Empty(parts.Ambiguities);
    }

    [Theory]
    [InlineData("Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=\"b.exe\"", "a.pdf", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"a.txt\"; filename*=UTF-8''b.exe", "a.txt", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"a.txt\"; filename=\"b.exe\"", "a.txt", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"a.txt\"\nContent-Disposition: attachment; filename=\"b.exe\"", "a.txt", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=my file.exe", "my", "my file.exe")]
    [InlineData("Content-Disposition: attachment; filename=b.exe (a.txt)", "b.exe", "b.exe (a.txt)")]
    [InlineData("Content-Disposition: attachment; filename=\"b\".exe", "b", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"b.exe\0.txt\"", "b.exe", "b.exe\0.txt")]
    [InlineData("Content-Disposition: attachment; filename*0=b.exe; filename*2=.txt", "b.exe", "b.exe.txt")]
    [InlineData("Content-Disposition: attachment name=a.txt; filename=b.exe", "a.txt", "b.exe")]
    [InlineData("Content-Disposition: attachment; filename*=utf-7''evil+AC4-exe", "evil+AC4-exe", "evil.exe")]
    [InlineData("Content-Disposition: attachment; filename=\"=?UTF-7?B?ZXZpbCtBQzQtZXhl?=\"", "evil+AC4-exe", "evil.exe")]
    public void Names_that_readers_take_differently_are_all_there_and_said(string fields, string one, string other)
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment(fields));

        Assert.Contains(one, parts.Find("1.2")!.Names);
        Assert.Contains(other, parts.Find("1.2")!.Names);
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity is { Kind: AmbiguityKind.Names, Path: "1.2" });
    }

    [Theory]
    [InlineData("evil.exe")]
    [InlineData("evil.EXE. .")]
    [InlineData("C:\\temp\\evil.exe")]
    [InlineData("evil.exe::$DATA")]
    [InlineData("bill.pdf.exe")]
    public void An_extension_is_what_a_system_goes_by(string name) => Assert.True(FileNames.HasExtension(name, ["exe"]));

    [Theory]
    [InlineData("exe")]
    [InlineData("evil.exe.txt")]
    [InlineData("evil.exe/readme")]
    public void What_only_looks_like_one_is_none(string name) => Assert.False(FileNames.HasExtension(name, ["exe"]));

    [Fact]
    public void A_field_that_is_read_plainly_is_read_alike_in_all_ways()
    {
        string[] types = ["text/plain", "application/pdf", "attachment", "attachment ", " inline", "", "a b", "x,y", "(c) text/plain"];
        string[] between = ["; ", ";", ";\r\n ", ";\n\t", " ; ", ";;", "; \r\n \r\n ", " "];
        string[] names = ["name", "NAME", "filename", "FileName", "filename*", "name*0", "charset", "boundary", "na me", "filename "];
        string[] values = ["a.exe", "\"a.exe\"", "\"a b.exe\"", "\" a.exe \"", "a b.exe", "\"a;name=b.exe\"", "\"a\\\"b.exe\"", "\"=?utf-8?q?a.exe?=\"", "\"a%20b.exe\"", "\"a.exe", "\"a\".exe", "\"\"", "", "a.exe\r\n", "\"=_part\"", "\"a.\r\n exe\"", "utf-8''a%2eexe", "\"a\u00e9.exe\"", "=a", " a.exe", "\"(a).exe\"", "\"a'b.exe\""];
        var random = new Random(1);
        int plain = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder(Pick(types));
            for (int parameters = random.Next(4); parameters > 0; parameters--)
            {
                text.Append(Pick(between)).Append(Pick(names)).Append('=').Append(Pick(values));
            }

            byte[] field = Encoding.Latin1.GetBytes(text.Append(Pick(["", "", ";", "\r\n", " x"])).ToString());
            string?[] found = new string?[1];
            plain += PlainField.TryRead(field, isType: true, ["name"], found) ? 1 : 0;
            Assert.True(!PlainField.TryRead(field, isType: true, [], []) || MimeKit.ContentType.TryParse(FieldText.Loose, field, out _), Encoding.Latin1.GetString(field));
            Assert.True(!PlainField.TryRead(field, isType: false, [], []) || MimeKit.ContentDisposition.TryParse(FieldText.Loose, field, out _), Encoding.Latin1.GetString(field));
            NameReader type = new(), typeInAll = new(), disposition = new(), dispositionInAll = new();
            type.ReadType(field);
            typeInAll.ReadTypeInAllWays(field);
            disposition.ReadDisposition(field);
            dispositionInAll.ReadDispositionInAllWays(field);
            Assert.True(type.Names.SequenceEqual(typeInAll.Names) && type.Disagree == typeInAll.Disagree, Told(field, type, typeInAll));
            Assert.True(disposition.Names.SequenceEqual(dispositionInAll.Names) && disposition.Disagree == dispositionInAll.Disagree, Told(field, disposition, dispositionInAll));
            Assert.Equal(NameReader.ValuesInAllWays(field, "boundary"), NameReader.Values(field, "boundary"));
        }

        Assert.InRange(plain, 1_000, 15_000);

        string Pick(string[] some) => some[random.Next(some.Length)];
        static string Told(byte[] field, NameReader one, NameReader other) => $"{Encoding.Latin1.GetString(field)}: {string.Join('|', one.Names)} and {string.Join('|', other.Names)}";
    }

    [Fact]
    public void Base64_is_decoded_as_one_digit_after_the_other_says()
    {
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] content = new byte[random.Next(4_000)];
            random.NextBytes(content);
            var text = new StringBuilder(Convert.ToBase64String(content));
            for (int at = 76; at < text.Length; at += 78)
            {
                text.Insert(at, "\r\n");
            }

            for (int odd = random.Next(4) - 1; odd > 0 && text.Length > 0; odd--)
            {
                text.Insert(random.Next(text.Length), new[] { "=", "==", "!", "\n", " ", "\0", "A", "-", "\r", "\u00ff" }[random.Next(10)]);
            }

            byte[] input = Encoding.Latin1.GetBytes(text.ToString());
            using var stream = new Base64Stream(new MemoryStream(input));
            using var decoded = new MemoryStream();
            byte[] buffer = new byte[random.Next(1, 5_000)];
            while (stream.Read(buffer) is > 0 and var count)
            {
                decoded.Write(buffer, 0, count);
            }

            using var measured = new Base64Stream(new MemoryStream(input));
            int begun = measured.Read(buffer.AsSpan(0, random.Next(buffer.Length)));
            Assert.Equal(decoded.Length, begun + measured.Measure(CancellationToken.None));

            (byte[] expected, bool goesOn, bool isCut, bool isOdd) = Decoded(input);
            Assert.Equal((goesOn, isCut, isOdd), (measured.GoesOnAfterPadding, measured.IsCut, measured.HasOddCharacters));
            Assert.Equal(expected, decoded.ToArray());
            Assert.Equal((goesOn, isCut, isOdd), (stream.GoesOnAfterPadding, stream.IsCut, stream.HasOddCharacters));
        }
    }

    private static (byte[] Bytes, bool GoesOn, bool IsCut, bool IsOdd) Decoded(byte[] input)
    {
        const string all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var bytes = new List<byte>();
        var group = new List<int>();
        bool isPadded = false, goesOn = false, isCut = false, isOdd = false;
        foreach (char c in input.Select(one => (char)one))
        {
            if (all.Contains(c, StringComparison.Ordinal))
            {
                goesOn |= isPadded;
                group.Add(all.IndexOf(c, StringComparison.Ordinal));
                if (group.Count == 4)
                {
                    Flush();
                }
            }
            else if (c == '=')
            {
                isPadded = true;
                isCut |= group.Count == 1;
                Flush();
            }
            else
            {
                isOdd |= c is not (' ' or '\t' or '\r' or '\n');
            }
        }

        isCut |= group.Count > 0;
        Flush();
        return ([.. bytes], goesOn, isCut, isOdd);

        void Flush()
        {
            int bits = group.Concat([0, 0, 0, 0]).Take(4).Aggregate(0, (sum, digit) => (sum << 6) | digit);
            bytes.AddRange(new[] { (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits }.Take(Math.Max(0, group.Count - 1)));
            group.Clear();
        }
    }
}
