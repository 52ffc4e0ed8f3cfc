using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using SharpCompress.Common;

namespace Milter.Mime.Tests;

/// <summary>Names in archives, and the bounds of looking for them.</summary>
public sealed class ArchiveTests
{
    private static string Attached(byte[] content, string name = "a.bin") => Mail.WithAttachment($"Content-Disposition: attachment; filename={name}", content);

    private static IEnumerable<string> Names(MailParts parts) => parts.Find("1.2")!.Entries.Select(entry => entry.Name);

    [Fact]
    public void A_zip_in_a_zip_is_looked_into()
    {
        byte[] inner = Mail.Zip(("evil.exe", "MZ"u8.ToArray()), ("dir/x.txt", []));
        using MailParts parts = Mail.Read(Attached(Mail.Zip(("inner.zip", inner), ("readme.txt", []))));

        Assert.Equal(["inner.zip", "inner.zip/evil.exe", "inner.zip/dir/x.txt", "readme.txt"], Names(parts));
        Assert.Empty(parts.Ambiguities);
    }

    [Fact]
    public void An_empty_zip_is_an_archive_without_entries()
    {
        using MailParts parts = Mail.Read(Attached(Mail.Zip()));

        Assert.True(parts.Find("1.2")!.IsArchive);
        Assert.Empty(Names(parts));
        Assert.Empty(parts.Ambiguities);
    }

    [Fact]
    public void A_tar_in_a_gzip_is_looked_into()
    {
        var output = new MemoryStream();
        using (var zip = new GZipStream(output, CompressionMode.Compress, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "a/evil.js") { DataStream = new MemoryStream("abc"u8.ToArray()) });
        }

        using MailParts parts = Mail.Read(Attached(output.ToArray(), "x.tgz"));

        Assert.Equal(["x.tar", "x.tar/a/evil.js"], Names(parts));
        Assert.Empty(parts.Ambiguities);
    }

    [Fact]
    public void A_program_that_unpacks_itself_is_looked_into()
    {
        using MailParts parts = Mail.Read(Attached([.. "MZ not really a program"u8, .. Mail.Zip(("evil.exe", [1]))], "setup.exe"));

        Assert.Equal(["evil.exe"], Names(parts));
    }

    [Fact]
    public void Names_that_the_directory_and_the_data_of_a_zip_do_not_share_are_all_there()
    {
        byte[] zip = Mail.Zip(("evil.exe", [1, 2, 3]));
        "good.txt"u8.CopyTo(zip.AsSpan(zip.AsSpan().IndexOf("evil.exe"u8)));
        using MailParts parts = Mail.Read(Attached(zip));

        Assert.Equal(["evil.exe", "good.txt"], Names(parts).Order(StringComparer.Ordinal));
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Archive);
    }

    [Fact]
    public void A_file_that_the_directory_of_a_zip_does_not_list_is_found()
    {
        byte[] hidden = Mail.Zip(("evil.exe", []));
        byte[] files = hidden[..hidden.AsSpan().IndexOf("PK\x01\x02"u8)];
        using MailParts parts = Mail.Read(Attached([.. files, .. Mail.Zip(("good.txt", []))]));

        // What stands before the zip shifts it, so that it is not walked from the very beginning: only the directory that is there counts, or all.
        Assert.Contains("good.txt", Names(parts));
    }

    [Fact]
    public void A_zip_without_its_directory_still_tells_its_names()
    {
        byte[] zip = Mail.Zip(("evil.exe", [1, 2, 3]), ("b.txt", [1]));
        using MailParts parts = Mail.Read(Attached(zip[..zip.AsSpan().IndexOf("PK\x01\x02"u8)]));

        Assert.Contains("evil.exe", Names(parts));
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.MissingEnd);
    }

    [Fact]
    public void Encrypted_entries_are_said()
    {
        byte[] zip = Mail.Zip(("secret.doc", [1, 2, 3]));
        zip[6] |= 1;
        zip[zip.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;
        using MailParts parts = Mail.Read(Attached(zip));

        Assert.True(Assert.Single(parts.Find("1.2")!.Entries).IsEncrypted);
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.EncryptedArchive);
    }

    [Fact]
    public void A_bomb_is_said_and_not_unpacked()
    {
        byte[] bomb = Mail.Zip(("bomb.zip", new byte[8 << 20]));
        using MailParts parts = Mail.Read(Attached(bomb));

        Assert.Equal(["bomb.zip"], Names(parts));
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Limit);
    }

    [Fact]
    public void Depth_and_number_of_entries_are_bounded()
    {
        byte[] deep = [1];
        for (int i = 0; i < 10; i++)
        {
            deep = Mail.Zip(($"{i}.zip", deep));
        }

        using MailParts nested = Mail.Read(Attached(deep));
        using MailParts many = Mail.Read(Attached(Mail.Zip([.. Enumerable.Range(0, 50).Select(i => ($"{i}.txt", Array.Empty<byte>()))])), new MailPartsOptions { MaxEntries = 20 });

        Assert.Equal(5, Names(nested).Count());
        Assert.Equal(20, Names(many).Count());
        Assert.All([nested, many], parts => Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Limit));
    }

    // What one file of an archive does to a reader is no reason for another to be overlooked: programs that unpack open each by itself.
    [Fact]
    public void A_file_that_can_not_be_unpacked_does_not_hide_those_behind_it()
    {
        byte[] broken = Mail.Zip(("broken.txt", new byte[2000]), ("bomb.zip", new byte[8 << 20]), ("inner.zip", Mail.Zip(("evil.exe", [1]))), ("evil.js", [1]));
        int data = 30 + "broken.txt".Length;
        broken.AsSpan(data, 8).Fill(0xff);
        using MailParts parts = Mail.Read(Attached(broken));

        Assert.Equal(["broken.txt", "bomb.zip", "inner.zip", "inner.zip/evil.exe", "evil.js"], Names(parts));
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Archive && ambiguity.Reason.Contains("broken.txt", StringComparison.Ordinal));
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Limit && ambiguity.Reason.Contains("bomb.zip", StringComparison.Ordinal));
    }

    // Solid or not, LZMA or LZMA2: each file is found, and what is in it.
    [Theory]
    [InlineData(CompressionType.LZMA)]
    [InlineData(CompressionType.LZMA2)]
    public void A_7z_is_looked_into(CompressionType compression)
    {
        byte[] archive = SevenZip.Of([("a.txt", "hello"u8.ToArray()), ("dir/inner.zip", Mail.Zip(("evil.exe", [1]))), ("gr\u00fcn.js", "x"u8.ToArray())], compression);
        using MailParts parts = Mail.Read(Attached(archive, "x.7z"));

        Assert.Equal(["a.txt", "dir/inner.zip", "dir/inner.zip/evil.exe", "gr\u00fcn.js"], Names(parts).Order(StringComparer.Ordinal));
        Assert.Empty(parts.Ambiguities);
    }

    [Fact]
    public void A_rar_of_either_format_is_looked_into()
    {
        (string, byte[])[] files = [("a.txt", "hello"u8.ToArray()), ("inner.zip", Mail.Zip(("evil.exe", [1]))), ("b.js", "x"u8.ToArray())];
        foreach (byte[] rar in (byte[][])[StoredRar.Old(files), StoredRar.New(files)])
        {
            using MailParts parts = Mail.Read(Attached(rar, "x.rar"));

            Assert.Equal(["a.txt", "b.js", "inner.zip", "inner.zip/evil.exe"], Names(parts).Order(StringComparer.Ordinal));
            Assert.Empty(parts.Ambiguities);
        }
    }

    [Theory]
    [InlineData("7z\u00bc\u00af'\u001c\0\u0004garbage", "a.7z")]
    [InlineData("Rar!\u001a\u0007\u0001\0garbage", "a.rar")]
    [InlineData("\u001f\u008b\u0008garbage that is no deflate", "a.gz")]
    [InlineData("no archive at all", "a.zip")]
    public void A_broken_archive_is_said(string content, string name)
    {
        using MailParts parts = Mail.Read(Attached(Encoding.Latin1.GetBytes(content), name));

        Assert.NotEmpty(parts.Ambiguities);
    }
}
