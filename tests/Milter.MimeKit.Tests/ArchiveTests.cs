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

    [Theory]
    [InlineData("evil.exe.gz", "harmless.txt", "evil.exe", "harmless.txt")]
    [InlineData("evil.exe.GZ.", "harmless.txt", "evil.exe", "harmless.txt")]
    [InlineData("harmless.gz", "evil.exe", "harmless", "evil.exe")]
    [InlineData("evil.exe.gz", "evil.exe", "evil.exe")]
    [InlineData("evil.exe.gz", null, "evil.exe")]
    public void Both_names_that_a_gzip_has_for_its_file_are_there(string archive, string? file, params string[] names)
    {
        byte[] content = [0x1f, 0x8b, 8, (byte)(file is null ? 0 : 8), 0, 0, 0, 0, 0, 3, .. System.Text.Encoding.ASCII.GetBytes(file is null ? "" : file + "\0"), 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        using MailParts parts = Mail.Read(Attached(content, archive));

        Assert.Equal(names, Names(parts));
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

    // By 7-Zip, with PPMd: "inner.zip", which holds "evil.js".
    private const string OtherPacking = "N3q8ryccAAQ6chxYPwAAAAAAAABaAAAAAAAAANv5DAoAT/mZdAh+R1eIwDtEdOUqsb47TD4b6oj5pE5i4oWzwtQ5y9ZxZE4YhdZnGVySu14iiHD0c9xVIs7Yg+s4eJwBBAYAAQk/AAcLAQABIwMEAQUgAAABAAx2AAgKAdv7xm8AAAUBGQYAAAAAAAARFQBpAG4AbgBlAHIALgB6AGkAcAAAABQKAQDIonnXe3/dARUGAQAggKSBAAA=";

    [Fact]
    public void What_is_packed_in_another_way_has_its_name_and_is_looked_into_where_that_is_asked_for()
    {
        string message = Attached(Convert.FromBase64String(OtherPacking), "x.7z");
        using MailParts names = Mail.Read(message);
        using MailParts all = Mail.Read(message, new MailPartsOptions().UseSharpCompress());

        Assert.Equal(["inner.zip"], Names(names));
        Assert.Contains("inner.zip", Assert.Single(names.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Limit).Reason, StringComparison.Ordinal);
        Assert.Equal(["inner.zip", "inner.zip/evil.js"], Names(all));
        Assert.Empty(all.Ambiguities);
    }

    [Fact]
    public void An_archive_behind_something_else_is_found()
    {
        (string, byte[])[] files = [("evil.js", [1])];
        foreach (byte[] archive in (byte[][])[StoredRar.Old(files), StoredRar.New(files), SevenZip.Of(files)])
        {
            using MailParts program = Mail.Read(Attached([.. "MZ not really a program"u8, .. archive], "setup.bin"));
            using MailParts named = Mail.Read(Attached([.. "junk"u8, .. archive], "x.rar"));

            Assert.Equal(["evil.js"], Names(program));
            Assert.Equal(["evil.js"], Names(named));
        }
    }

    // Old programs show the one, newer ones the other.
    [Fact]
    public void Both_names_that_an_old_rar_has_for_a_file_are_there()
    {
        using MailParts same = Mail.Read(Attached(StoredRar.Old([("gr_n.exe\0\0\0gr\u00fcn\0.exe", [1])], hasUnicode: true), "x.rar"));
        using MailParts different = Mail.Read(Attached(StoredRar.Old([("a.exe\0\0\0a.tx\0t", [1])], hasUnicode: true), "x.rar"));

        Assert.Equal(["a.exe", "a.txt"], Names(different).Order(StringComparer.Ordinal));
        Assert.Contains(different.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Archive);
        Assert.Equal(["gr\u00fcn.exe"], Names(same));
        Assert.Empty(same.Ambiguities);
    }

    [Fact]
    public void An_archive_whose_names_are_encrypted_or_that_is_cut_says_so()
    {
        (string, byte[])[] files = [("a.txt", new byte[50])];
        byte[] old = StoredRar.Old(files);
        old[7 + 3] |= 0x80;
        byte[] newer = [.. StoredRar.New([])[..8], 0, 0, 0, 0, 4, 4, 0, 0, 0];
        using MailParts oldNames = Mail.Read(Attached(old, "x.rar"));
        using MailParts newNames = Mail.Read(Attached(newer, "x.rar"));
        using MailParts cut = Mail.Read(Attached(StoredRar.New(files)[..60], "x.rar"));

        Assert.All([oldNames, newNames], parts => Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.EncryptedArchive));
        Assert.Equal(["a.txt"], Names(cut));
        Assert.Contains(cut.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.MissingEnd);
    }

    [Fact]
    public void A_directory_of_more_names_than_are_read_is_said()
    {
        byte[] seven = SevenZip.Of([.. Enumerable.Range(0, 300).Select(i => ($"{i}.txt", new byte[1]))]);
        byte[] rar = StoredRar.New(Enumerable.Range(0, 300).Select(i => ($"{i}.txt", new byte[1])));
        foreach (byte[] archive in (byte[][])[seven, rar])
        {
            using MailParts parts = Mail.Read(Attached(archive), new MailPartsOptions { MaxEntries = 100 });

            Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Limit);
            Assert.True(Names(parts).Count() <= 100);
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
