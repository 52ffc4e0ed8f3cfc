using Milter.Mime.Archives;
using Milter.Mime.Content;
using Milter.Mime.Names;
using Milter.Mime.Nested;

namespace Milter.Mime.Reading;

/// <summary>Looks into the content of parts: messages that are encoded, attachments within texts and winmail.dat, archives.</summary>
internal sealed class ContentReader(ReadBudget budget, SourceReader sources, CancellationToken cancellationToken)
{
    /// <summary>How much of a content is needed to see what it is (a tar says so at 257).</summary>
    public const int PrefixLength = 512;

    /// <summary>Reads base64 through: what is odd about it is seen only so, and where nothing is, nobody has to look for boundaries in it.</summary>
    public void ReadThrough(MailPart part)
    {
        if (part.Encoding == TransferEncoding.Base64)
        {
            part.Prefix = Measure(part);
        }
    }

    public void Look(MailPart part)
    {
        try
        {
            if (part.IsMultipart || (part.IsMessage && part.Children.Count > 0))
            {
                return;
            }

            if (DepthOf(part) >= budget.Options.MaxDepth)
            {
                throw new LimitException($"parts are nested more than {budget.Options.MaxDepth} deep; what is in this one was not looked at");
            }

            byte[] prefix = part.Prefix ?? Measure(part);
            part.Prefix = null;
            if (prefix.Length > 0)
            {
                LookInto(part, prefix);
            }
        }
        catch (LimitException limit)
        {
            budget.Say(AmbiguityKind.Limit, part, limit.Message);
        }
    }

    private static int DepthOf(MailPart part)
    {
        int depth = 0;
        for (MailPart? above = part.Parent; above is not null; above = above.Parent)
        {
            depth++;
        }

        return depth;
    }

    private void LookInto(MailPart part, byte[] prefix)
    {
        bool isEncodedMessage = part.IsMessage && (part.Encoding != TransferEncoding.None || part.Opener is not null);
        if (isEncodedMessage || IsFirstPiece(part))
        {
            using Stream content = part.OpenContent();
            sources.Read(budget.Keep(content, cancellationToken), part);
            return;
        }

        if (part.IsMessage)
        {
            return;
        }

        if (MediaTypes.IsTnef(part.MediaType) || TnefFinder.IsTnef(prefix))
        {
            new TnefFinder(budget, this, cancellationToken).Find(part);
        }
        else if (MediaTypes.IsPkcs7(part.MediaType) || part.HasExtension("p7m"))
        {
            if (SignedData.Open(part, budget, cancellationToken) is { } signed)
            {
                sources.Read(signed, part);
            }
        }
        else if (!new ArchiveReader(budget, part, cancellationToken).TryRead(prefix) && (part.IsText || part.Header.FirstInvalid >= 0))
        {
            UuencodeFinder.Find(part, this, budget, cancellationToken);
        }
    }

    // The first piece of a message has its header, and with it the type and names of the whole.
    private static bool IsFirstPiece(MailPart part) => part.MediaType == "message/partial"
        && part.Header.Named("Content-Type").Any(field => NameReader.Values(field.Value, "number").Contains("1"));

    private byte[] Measure(MailPart part)
    {
        using Stream content = part.OpenContent();
        byte[] prefix = new byte[PrefixLength];
        int filled = content.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (content is Base64Stream base64)
        {
            part.Size = filled + base64.Measure(cancellationToken);
            Judge(part, base64);
        }

        return prefix[..filled];
    }

    private void Judge(MailPart part, Base64Stream base64)
    {
        if (base64.GoesOnAfterPadding)
        {
            budget.Say(AmbiguityKind.Encoding, part, "its base64 goes on behind its padding, where some readers stop");
        }

        if (base64.IsCut)
        {
            budget.Say(AmbiguityKind.MissingEnd, part, "its base64 ends in the middle of a group");
        }

        part.IsAllBase64 = !base64.HasOddCharacters;
        if (base64.HasOddCharacters)
        {
            budget.Say(AmbiguityKind.Encoding, part, "its base64 has characters that are none, which some readers pass over and others end at");
        }
    }
}
