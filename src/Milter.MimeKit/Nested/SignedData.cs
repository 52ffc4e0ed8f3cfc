using System.Formats.Asn1;
using Milter.Mime.Names;
using Milter.Mime.Reading;

namespace Milter.Mime.Nested;

/// <summary>Takes the content out of an S/MIME message that is signed and not encrypted (RFC 8551, 3.5.2): mail programs show what is in it, without any key.</summary>
internal static class SignedData
{
    private const string Signed = "1.2.840.113549.1.7.2";
    private const string Compressed = "1.2.840.113549.1.9.16.1.9";
    private static readonly Asn1Tag s_zero = new(TagClass.ContextSpecific, 0);

    /// <summary>Opens the content.</summary>
    /// <returns>The entity that was signed, or <see langword="null"/> where there is none to be had.</returns>
    public static Stream? Open(MailPart part, ReadBudget budget, CancellationToken cancellationToken)
    {
        using Stream content = part.OpenContent();
        using Stream unpacked = budget.Unpack(content, cancellationToken);
        byte[] bytes = SourceReader.Bytes(unpacked, 0, unpacked.Length);
        try
        {
            AsnReader info = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence();
            string type = info.ReadObjectIdentifier();
            if (type != Signed)
            {
                part.IsEncrypted = type != Compressed;
                if (type == Compressed)
                {
                    budget.Say(AmbiguityKind.Encoding, part, "it is compressed S/MIME, which was not looked into");
                }

                return null;
            }

            AsnReader signed = info.ReadSequence(s_zero).ReadSequence();
            signed.ReadInteger();
            signed.ReadSetOf();
            AsnReader inner = signed.ReadSequence();
            inner.ReadObjectIdentifier();
            if (!inner.HasData)
            {
                return null;
            }

            byte[] entity = inner.ReadSequence(s_zero).ReadOctetString();
            return budget.Keep(new MemoryStream(entity), cancellationToken);
        }
        catch (AsnContentException)
        {
            part.IsEncrypted = part.Header.Named("Content-Type").Any(field => NameReader.Values(field.Value, "smime-type").Any(type => type.EndsWith("enveloped-data", StringComparison.OrdinalIgnoreCase)));
            budget.Say(AmbiguityKind.Encoding, part, "it can't be read as the S/MIME message that it says it is");
            return null;
        }
    }
}
