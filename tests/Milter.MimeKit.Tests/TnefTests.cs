using System.Buffers.Binary;
using System.Text;

namespace Milter.Mime.Tests;

/// <summary>What is in a <c>winmail.dat</c> (MS-OXTNEF).</summary>
public sealed class TnefTests
{
    private const byte Message = 1, Attachment = 2;
    private const int RenderData = 0x00069002, Title = 0x00018010, Data = 0x0006800f, Properties = 0x00069005;

    [Fact]
    public void An_attachment_has_both_its_names_and_its_content()
    {
        byte[] tnef =
        [
            .. Head(),
            .. Attribute(Attachment, RenderData, new byte[14]),
            .. Attribute(Attachment, Title, "EVIL~1.EXE\0"u8),
            .. Attribute(Attachment, Data, "MZ"u8),
            .. Attribute(Attachment, Properties, LongName("evil program.exe")),
        ];
        using MailParts parts = Mail.Read(Mail.WithAttachment("Content-Type: application/ms-tnef; name=winmail.dat", tnef));

        MailPart found = parts.Find("1.2.1")!;
        Assert.Equal(PartOrigin.Tnef, found.Origin);
        Assert.Equal(["EVIL~1.EXE", "evil program.exe"], found.Names.Order(StringComparer.Ordinal));
        Assert.Equal(2, found.Size);
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("MZ"u8)), found.Sha256, ignoreCase: true);
        Assert.Empty(parts.Ambiguities);
    }

    // It is known by how it begins, and what is in it is looked into.
    [Fact]
    public void A_zip_in_a_winmail_that_is_called_otherwise_is_looked_into()
    {
        byte[] tnef = [.. Head(), .. Attribute(Attachment, RenderData, new byte[14]), .. Attribute(Attachment, Title, "a.zip\0"u8), .. Attribute(Attachment, Data, Mail.Zip(("evil.exe", [1])))];
        using MailParts parts = Mail.Read(Mail.WithAttachment("Content-Type: application/octet-stream; name=part.bin", tnef));

        Assert.Equal(["a.zip"], parts.Find("1.2.1")!.Names);
        Assert.Equal(["evil.exe"], parts.Find("1.2.1")!.Entries.Select(entry => entry.Name));
        Assert.NotNull(parts.WithExtension("exe").FirstOrDefault());
        Assert.Empty(parts.Ambiguities);
    }

    private static byte[] Head() => [0x78, 0x9f, 0x3e, 0x22, 1, 0, .. Attribute(Message, 0x00089006, [0, 0, 1, 0]), .. Attribute(Message, 0x00069007, [0xe4, 4, 0, 0, 0, 0, 0, 0])];

    private static byte[] Attribute(byte level, int tag, ReadOnlySpan<byte> value)
    {
        ushort sum = 0;
        foreach (byte one in value)
        {
            sum += one;
        }

        return [level, .. Number(tag), .. Number(value.Length), .. value, (byte)sum, (byte)(sum >> 8)];
    }

    // One property, PR_ATTACH_LONG_FILENAME, in UTF-16, filled up to four bytes.
    private static byte[] LongName(string name)
    {
        byte[] text = Encoding.Unicode.GetBytes(name + "\0");
        return [.. Number(1), .. Number(0x3707001f), .. Number(1), .. Number(text.Length), .. text, .. new byte[(4 - (text.Length % 4)) % 4]];
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
