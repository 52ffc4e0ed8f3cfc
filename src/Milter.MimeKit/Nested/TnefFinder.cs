using MimeKit.Tnef;
using Milter.Mime.Names;
using Milter.Mime.Reading;

namespace Milter.Mime.Nested;

/// <summary>Finds the attachments in a <c>winmail.dat</c>, with all their names.</summary>
internal sealed class TnefFinder(ReadBudget budget, ContentReader contents, CancellationToken cancellationToken)
{
    private const int MaxDepth = 10;

    private NameReader _names = new();
    private Stream? _content;
    private bool _isOpen;

    public static bool IsTnef(ReadOnlySpan<byte> prefix) => prefix is [0x78, 0x9f, 0x3e, 0x22, ..];

    public void Find(MailPart part)
    {
        using Stream content = part.OpenContent();
        try
        {
            using var reader = new TnefReader(budget.Keep(content, cancellationToken), 0, TnefComplianceMode.Loose);
            Read(reader, part, 0);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or LimitException))
        {
            budget.Say(AmbiguityKind.Encoding, part, "it can't be read to its end as TNEF (winmail.dat)");
        }

        Close(part);
    }

    private void Read(TnefReader reader, MailPart part, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new LimitException($"its TNEF is nested more than {MaxDepth} deep; what is below was not looked at");
        }

        while (reader.ReadNextAttribute())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.AttributeLevel != TnefAttributeLevel.Attachment)
            {
                continue;
            }

            TnefPropertyReader value = reader.TnefPropertyReader;
            switch (reader.AttributeTag)
            {
                case TnefAttributeTag.AttachRenderData:
                    Close(part);
                    _isOpen = true;
                    break;
                case TnefAttributeTag.AttachTitle or TnefAttributeTag.AttachTransportFilename:
                    _isOpen = true;
                    _names.Add(value.ReadValueAsString());
                    break;
                case TnefAttributeTag.AttachData:
                    _isOpen = true;
                    Keep(value);
                    break;
                case TnefAttributeTag.Attachment:
                    _isOpen = true;
                    ReadProperties(value, part, depth);
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadProperties(TnefPropertyReader value, MailPart part, int depth)
    {
        while (value.ReadNextProperty())
        {
            switch (value.PropertyTag.Id)
            {
                case TnefPropertyId.AttachFilename or TnefPropertyId.AttachLongFilename or TnefPropertyId.DisplayName or TnefPropertyId.AttachTransportName
                    or TnefPropertyId.AttachPathname or TnefPropertyId.AttachLongPathname:
                    _names.Add(value.ReadValueAsString());
                    break;
                case TnefPropertyId.AttachData when value.IsEmbeddedMessage:
                    var inner = new TnefFinder(budget, contents, cancellationToken);
                    using (TnefReader embedded = value.GetEmbeddedMessageReader())
                    {
                        inner.Read(embedded, part, depth + 1);
                    }

                    inner.Close(part);
                    break;
                case TnefPropertyId.AttachData:
                    Keep(value);
                    break;
                default:
                    break;
            }
        }
    }

    private void Keep(TnefPropertyReader value)
    {
        using Stream raw = value.GetRawValueReadStream();
        _content = budget.Keep(raw, cancellationToken);
    }

    private void Close(MailPart part)
    {
        if (!_isOpen)
        {
            return;
        }

        budget.TakePart();
        Stream content = _content ?? Stream.Null;
        var child = new MailPart(part, part.Source, new HeaderBlock(part.ContentBegin), _names.Names.Any(name => FileNames.HasExtension(name, ["eml"])) ? "message/rfc822" : "application/octet-stream")
        {
            Origin = PartOrigin.Tnef,
            Disposition = "attachment",
            Names = _names.Names,
            Opener = () => new Content.RangeStream(content, 0, content.Length),
        };
        if (_names.Disagree && _names.Names.Select(name => FileNames.ExtensionOf(name).ToString().ToLowerInvariant()).Distinct().Count() > 1)
        {
            budget.Say(AmbiguityKind.Names, child, $"its names disagree: {string.Join(", ", child.Names.Select(name => $"\"{name}\""))}");
        }

        (_names, _content, _isOpen) = (new NameReader(), null, false);
        contents.Look(child);
    }
}
