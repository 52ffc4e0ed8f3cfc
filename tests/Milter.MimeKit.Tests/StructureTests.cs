using System.Security.Cryptography;
using System.Text;

namespace Milter.Mime.Tests;

/// <summary>Parts, sizes, digests and what makes a message ambiguous.</summary>
public sealed class StructureTests
{
    private const string Mixed = "From: a@x.test\nContent-Type: multipart/mixed; boundary=o\n\n";

    [Fact]
    public void A_part_has_type_disposition_size_and_digest_of_its_decoded_content()
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment("Content-Type: Application/PDF\nContent-Disposition: Attachment; filename=a.pdf"));

        MailPart part = parts.Find("1.2")!;
        Assert.Equal(("application/pdf", "attachment", 5L), (part.MediaType, part.Disposition, part.Size));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("hello"u8)), part.Sha256);
        Assert.Equal(["1", "1.1", "1.2"], parts.Select(one => one.Path));
        Assert.Empty(parts.Ambiguities);
    }

    // The line end before a boundary belongs to the boundary (RFC 2046, 5.1.1).
    [Fact]
    public void A_text_ends_before_the_line_end_of_the_boundary()
    {
        using MailParts parts = Mail.Read(Mixed + "--o\n\nhi\n\n--o--\n");

        Assert.Equal(4, parts.Find("1.1")!.Size);
    }

    [Theory]
    [InlineData("7bit", "--in\n\nhi\n--in\nContent-Disposition: attachment; filename=evil.exe\n\nx\n--in--")]
    [InlineData("base64", null)]
    public void A_forwarded_message_is_gone_into_also_when_it_is_encoded(string encoding, string? body)
    {
        string message = "From: b@x.test\nContent-Type: multipart/mixed; boundary=in\n\n" + (body ?? "--in\n\nhi\n--in\nContent-Disposition: attachment; filename=evil.exe\n\nx\n--in--");
        string content = encoding == "base64" ? Convert.ToBase64String(Mail.Bytes(message), Base64FormattingOptions.InsertLineBreaks) : message;
        using MailParts parts = Mail.Read(Mixed + $"--o\nContent-Type: message/rfc822\nContent-Transfer-Encoding: {encoding}\n\n{content}\n--o--\n");

        Assert.Equal(["evil.exe"], parts.Find("1.1.1.2")!.Names);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Mail.Bytes(message))), parts.Find("1.1")!.Sha256);
        Assert.Empty(parts.Ambiguities);
    }

    [Fact]
    public void What_is_uuencoded_in_a_text_is_a_part()
    {
        using MailParts parts = Mail.Read("From: a@x.test\n\nbegin with this: 644 words\nbegin 644 evil.exe\n%:&5L;&\\`\n`\nend\nbye\n");

        MailPart part = parts.Find("1.1")!;
        Assert.Equal(["evil.exe"], part.Names);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("hello"u8)), part.Sha256);
        Assert.Equal(2, parts.Count);
    }

    [Fact]
    public void What_is_in_signed_data_is_read_without_a_key()
    {
        byte[] entity = Mail.Bytes("Content-Type: application/x; name=evil.exe\n\nx\n");
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.7.2");
            using (writer.PushSequence(new(System.Formats.Asn1.TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                writer.PushSetOf();
                writer.PopSetOf();
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.840.113549.1.7.1");
                    using (writer.PushSequence(new(System.Formats.Asn1.TagClass.ContextSpecific, 0)))
                    {
                        writer.WriteOctetString(entity);
                    }
                }
            }
        }

        using MailParts parts = Mail.Read(Mail.WithAttachment("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", writer.Encode()));

        Assert.Equal(["evil.exe"], parts.Find("1.2.1")!.Names);
        Assert.Empty(parts.Ambiguities);
    }

    [Theory]
    [InlineData(AmbiguityKind.Boundaries, "From: a@x\nContent-Type: multipart/mixed\n\n--o\nContent-Type: text/plain; name=evil.exe\n\nx\n--o--\n")]
    [InlineData(AmbiguityKind.NoParts, "From: a@x\nContent-Type: multipart/mixed; boundary=zz\n\n--o\nContent-Type: text/plain; name=evil.exe\n\nx\n--o--\n")]
    [InlineData(AmbiguityKind.MissingEnd, Mixed + "--o\nContent-Type: text/plain; name=evil.exe\n\nx\n")]
    [InlineData(AmbiguityKind.Boundaries, Mixed + "--o\nContent-Type: multipart/alternative; boundary=o\n\n--o\n\nhi\n--o--\n--o\nContent-Type: text/plain; name=evil.exe\n\nx\n--o--\n")]
    [InlineData(AmbiguityKind.Boundaries, Mixed + "--o\nContent-Type: multipart/alternative; boundary=oo\n\n--oo\nContent-Type: text/plain; name=evil.exe\n\nhi\n--oo--\n--o--\n")]
    [InlineData(AmbiguityKind.Boundaries, "From: a@x\nContent-Type: multipart/mixed; boundary=o; boundary=p\n\n--o\n\nhi\n--p\nContent-Type: text/plain; name=evil.exe\n\nx\n--p--\n--o--\n")]
    [InlineData(AmbiguityKind.Boundaries, Mixed + "--o\n\nhi\n--o--\n--o\nContent-Disposition: attachment; filename=evil.exe\n\nx\n--o--\n")]
    [InlineData(AmbiguityKind.Fields, "From: a@x\nContent-Type: text/plain\nContent-Type: application/x; name=evil.exe\n\nx\n")]
    [InlineData(AmbiguityKind.Header, Mixed + "--o\nno field\nContent-Type: application/x; name=evil.exe\n\nx\n--o--\n")]
    [InlineData(AmbiguityKind.Encoding, Mixed + "--o\nContent-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base46\n\nx\n--o--\n")]
    [InlineData(AmbiguityKind.Encoding, Mixed + "--o\nContent-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGU=bGxv\n--o--\n")]
    [InlineData(AmbiguityKind.Encoding, Mixed + "--o\nContent-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGVs!bG8=\n--o--\n")]
    [InlineData(AmbiguityKind.MissingEnd, Mixed + "--o\nContent-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGVsbG8\n--o--\n")]
    [InlineData(AmbiguityKind.Elsewhere, "From: a@x\nContent-Type: message/partial; id=i; number=1; total=2\n\nContent-Type: application/x; name=evil.exe\n\nx\n")]
    public void A_message_that_readers_take_differently_says_why_and_hides_no_name(AmbiguityKind kind, string message)
    {
        using MailParts parts = Mail.Read(message);

        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == kind);
        Assert.Contains(parts, part => part.HasExtension("exe"));
    }

    [Fact]
    public void A_bare_CR_that_ends_a_line_to_some_readers_hides_no_part()
    {
        using MailParts parts = Mail.Read(Encoding.ASCII.GetBytes("From: a@x\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nhi\r--o\rContent-Disposition: attachment; filename=evil.exe\r\rx\r\n--o--\r\n"));

        Assert.Contains(parts, part => part.HasExtension("exe"));
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Boundaries);
    }

    [Fact]
    public void Lines_before_the_header_hide_no_part_and_a_stream_is_read_from_its_beginning()
    {
        using var message = new MemoryStream(Mail.Bytes("just text\n" + Mixed + "--o\nContent-Disposition: attachment; filename=evil.exe\n\nx\n--o--\n"));
        message.Position = 20;
        using MailParts parts = MailParts.Read(message);

        Assert.Equal(["evil.exe"], parts.Find("1.1")!.Names);
        Assert.Equal(1, parts.Find("1.1")!.Size);
        Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Header);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text\nmore\n")]
    [InlineData("Subject: no end")]
    [InlineData(":")]
    [InlineData("\n\n\n")]
    public void What_is_hardly_a_message_is_one_text(string message)
    {
        using MailParts parts = Mail.Read(message);

        Assert.Equal("text/plain", Assert.Single(parts).MediaType);
    }

    [Fact]
    public void Depth_and_number_of_parts_are_bounded_and_it_is_said()
    {
        string deep = string.Concat(Enumerable.Range(0, 200).Select(i => $"Content-Type: multipart/mixed; boundary=b{i:000}\n\n--b{i:000}\n")) + "\nx\n";
        using MailParts nested = Mail.Read(deep, new MailPartsOptions { MaxDepth = 10 });
        using MailParts many = Mail.Read(Mixed + string.Concat(Enumerable.Repeat("--o\n\nx\n", 300)) + "--o--\n", new MailPartsOptions { MaxParts = 100 });

        Assert.True(nested.Count <= 11);
        Assert.Equal(100, many.Count);
        Assert.All([nested, many], parts => Assert.Contains(parts.Ambiguities, ambiguity => ambiguity.Kind == AmbiguityKind.Limit));
    }
}
