using System.Globalization;

namespace Milter.Mime.Tests;

/// <summary>Messages that were changed at random, from a seed: none throws, and without an edit each is as it came. <c>ATTRMILTER_MIME_FUZZ</c> says how many (2,000 else), <c>ATTRMILTER_MIME_FUZZ_FROM</c> the first seed (0 else).</summary>
public sealed class FuzzTests
{
    private static readonly string[] s_words =
    [
        "\r\n", "\r", "\n", "\0", "--", "\r\n--o\r\n", "\r\n--o--\r\n", "\r\n\r\n", "\"", ";", "=", "*0*=", "=?utf-8?B?", "?=", "=?utf-7?Q?+AC", "charset=utf-7", "*=utf-7'' ", "Content-Type: multipart/mixed; boundary=o\r\n", "Content-Type: message/rfc822\r\n",
        "Content-Transfer-Encoding: base64\r\n", "Content-Disposition: attachment; filename=", "begin 644 x\r\n", "PK\u0003\u0004", "PK\u0001\u0002", "PK\u0005\u0006", "7z\u00bc\u00af'\u001c", "Rar!\u001a\u0007\u0001\0", "\u001f\u008b\u0008", "x\u009f>\"", "\u00ff\u00ff\u00ff\u00ff",
    ];

    [Fact]
    public void No_message_throws_and_each_is_as_it_came()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("ATTRMILTER_MIME_FUZZ") ?? "2000", CultureInfo.InvariantCulture);
        int first = int.Parse(Environment.GetEnvironmentVariable("ATTRMILTER_MIME_FUZZ_FROM") ?? "0", CultureInfo.InvariantCulture);
        byte[][] seeds = [.. Seeds()];
        for (int seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            byte[] message = Mutated(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            try
            {
                using MailParts parts = Mail.Read(message, seed % 4 == 0 ? Bounded().UseSharpCompress() : Bounded());
                _ = parts.Select(part => (part.Size, part.Sha256, part.Names.Count)).ToArray();
                var output = new MemoryStream();
                parts.WriteTo(output);
                Assert.True(output.GetBuffer().AsSpan(0, (int)output.Length).SequenceEqual(message));
                parts[random.Next(parts.Count)].ReplaceWithNotice("gone");
                parts[random.Next(parts.Count)].Remove();
                parts[random.Next(parts.Count)].Rename("x");
                parts[random.Next(parts.Count)].Neutralize();
                parts[random.Next(parts.Count)].Sanitize();
                parts.AppendText("footer");
                parts.AddPart("more");
                parts.WriteTo(Stream.Null);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}.", exception);
            }
        }
    }

    // What is looked at once for each of them would take hours here.
    [Theory]
    [InlineData("<!---->")]
    [InlineData("<!--")]
    [InlineData("<")]
    [InlineData("<a b=\"")]
    [InlineData("<title></title>")]
    [InlineData("<style>url(")]
    [InlineData("url(a)")]
    [InlineData("@import;")]
    [InlineData("</")]
    public void HTML_of_many_of_the_same_takes_no_longer_than_other_HTML(string piece)
    {
        string html = "<style>" + string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length)) + "</style>" + string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length));
        foreach (string message in (string[])[html, html[7..]])
        {
            using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: text/html\n\n" + message);
            parts.PrependHtml("<b>banner</b>");
            parts.AppendHtml("<b>footer</b>");
            parts.Root.Neutralize();
            parts.WriteTo(Stream.Null);
        }
    }

    private static MailPartsOptions Bounded() => new() { MaxUnpackedBytes = 8 << 20, MemoryThreshold = 16 << 20 };

    private static IEnumerable<byte[]> Seeds()
    {
        foreach ((string name, byte[] message) in Corpus.All())
        {
            if (name.EndsWith("/lawful", StringComparison.Ordinal))
            {
                yield return message;
            }
        }

        byte[] zip = Mail.Zip(("a.txt", [1, 2, 3]), ("b.zip", Mail.Zip(("c.exe", [1]))));
        foreach (byte[] archive in (byte[][])[zip, [.. "Rar!\x1a\x07\x01\x00"u8, .. zip], [.. "7z\xbc\xaf'\x1c"u8, .. zip], StoredRar.Old([("a.zip", zip), ("b.exe", [1])]), StoredRar.New([("a.zip", zip), ("b.exe", [1])]), SevenZip.Of([("a.zip", zip), ("b.exe", [1])]), [0x78, 0x9f, 0x3e, 0x22, .. zip]])
        {
            // As it is, so that what is changed in it is changed in the archive.
            yield return [.. Mail.Bytes("From: a@x.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: binary\n\n"), .. archive, .. Mail.Bytes("\n--o--\n")];
        }
    }

    private static byte[] Mutated(byte[] message, byte[] other, Random random)
    {
        List<byte> bytes = [.. message];
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            int at = random.Next(bytes.Count + 1);
            int length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes.InsertRange(at, System.Text.Encoding.Latin1.GetBytes(s_words[random.Next(s_words.Length)]));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 4:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 200), other.Length - from)).ToArray());
                    break;
                default:
                    if (random.Next(8) == 0)
                    {
                        bytes.RemoveRange(at, bytes.Count - at);
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
