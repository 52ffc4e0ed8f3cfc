using MimeKit;
using Milter.Mime.Content;
using Milter.Mime.Names;

namespace Milter.Mime.Reading;

/// <summary>Reads what a part's fields say, and says where readers would read something else.</summary>
internal static class PartJudge
{
    private static readonly string[] s_ofType = ["name", "filename", "boundary"];
    private static readonly string[] s_ofDisposition = ["filename", "name"];

    public static void Judge(MailPart part, ReadBudget budget)
    {
        JudgeHeader(part, budget);
        if (part.Header.Content.Count > 0)
        {
            JudgeFields(part, budget);
            JudgeEncoding(part, budget);
        }

        if (part.IsMultipart)
        {
            JudgeMultipart(part, budget);
        }
        else if (part.IsMessage && part.Children.Count == 0 && part.Encoding == TransferEncoding.None && part.ContentEnd > part.ContentBegin)
        {
            SayTooDeep(part, budget);
        }
    }

    private static void JudgeHeader(MailPart part, ReadBudget budget)
    {
        HeaderBlock header = part.Header;
        if (header.FirstInvalid >= 0)
        {
            budget.Say(AmbiguityKind.Header, part, "a line of its header is no field: to some readers the body begins there");
        }

        if (header.HasBareCr)
        {
            budget.Say(AmbiguityKind.LineEnds, part, "its header has a CR without LF, which ends a line to some readers");
        }

        if (header.HasNul)
        {
            budget.Say(AmbiguityKind.LineEnds, part, "its header has a NUL, which ends the text to some readers");
        }

        if (part.Source.UsesCrLf == true ? header.EndsInLf : header.EndsInCrLf)
        {
            budget.Say(AmbiguityKind.LineEnds, part, "lines of its header end in CR LF and in LF alone");
        }

        if (header.HasTooManyFields)
        {
            budget.Say(AmbiguityKind.Limit, part, "it has more content fields than were looked at");
        }
    }

    // Nearly all fields are written so that all readers take them alike, and are read once for all that is wanted of them.
    private static void JudgeFields(MailPart part, ReadBudget budget)
    {
        var ofType = new string?[s_ofType.Length];
        ContentField type = part.Header.First("Content-Type", out int types);
        bool isPlainType = types == 1 && PlainField.TryRead(type.Value, isType: true, s_ofType, ofType);
        Once(part, budget, types, "Content-Type");
        if (types > 0 && !isPlainType && !ContentType.TryParse(FieldText.Loose, type.Value, out _))
        {
            budget.Say(AmbiguityKind.Fields, part, "its Content-Type can't be read as one");
        }

        var ofDisposition = new string?[s_ofDisposition.Length];
        ContentField disposition = part.Header.First("Content-Disposition", out int dispositions);
        bool isPlainDisposition = dispositions == 1 && PlainField.TryRead(disposition.Value, isType: false, s_ofDisposition, ofDisposition);
        Once(part, budget, dispositions, "Content-Disposition");
        if (dispositions > 0)
        {
            part.Disposition = !isPlainDisposition && ContentDisposition.TryParse(FieldText.Loose, disposition.Value, out ContentDisposition? parsed)
                ? parsed.Disposition.ToLowerInvariant()
                : FirstWord(FieldText.FromBytes(disposition.Value));
        }

        if (part.MediaType is "message/partial" or "message/external-body")
        {
            budget.Say(AmbiguityKind.Elsewhere, part, part.MediaType == "message/partial"
                ? "it is a piece of a message (message/partial): what the whole holds is seen only where the pieces are put together"
                : "its content is elsewhere (message/external-body)");
        }

        if (isPlainType ? ofType[2]?.Trim() is { Length: > 0 } : types > 0)
        {
            part.Boundaries = isPlainType ? [ofType[2]!.Trim()] : BoundariesIn(part.Header);
        }

        JudgeNames(part, budget, isPlainDisposition ? ofDisposition : null, isPlainType ? ofType.AsSpan(0, 2) : null);
    }

    // Each has been read, or has to be in all ways.
    private static void JudgeNames(MailPart part, ReadBudget budget, ReadOnlySpan<string?> ofDisposition, ReadOnlySpan<string?> ofType)
    {
        var reader = new NameReader();
        foreach (string? name in ofDisposition)
        {
            reader.Add(name);
        }

        foreach (ContentField field in part.Header.Content)
        {
            if (ofDisposition.IsEmpty && field.Is("Content-Disposition"))
            {
                reader.ReadDisposition(field.Value);
            }
        }

        foreach (string? name in ofType)
        {
            reader.Add(name);
        }

        foreach (ContentField field in part.Header.Content)
        {
            if (ofType.IsEmpty && field.Is("Content-Type"))
            {
                reader.ReadType(field.Value);
            }
        }

        part.Names = reader.Names;
        if (reader.Disagree)
        {
            budget.Say(AmbiguityKind.Names, part, $"its names disagree: {string.Join(", ", part.Names.Select(name => $"\"{name}\""))}");
        }
    }

    private static void JudgeEncoding(MailPart part, ReadBudget budget)
    {
        ContentField field = part.Header.First("Content-Transfer-Encoding", out int encodings);
        Once(part, budget, encodings, "Content-Transfer-Encoding");
        if (encodings == 0)
        {
            return;
        }

        string word = "";
        if (!TransferEncodings.TryParsePlain(field.Value, out TransferEncoding encoding) && !TransferEncodings.TryParse(word = FieldText.FromBytes(field.Value).Trim(), out encoding))
        {
            budget.Say(AmbiguityKind.Encoding, part, $"its Content-Transfer-Encoding \"{word}\" is not one that all readers know");
        }

        if (part.IsMultipart)
        {
            if (encoding != TransferEncoding.None)
            {
                budget.Say(AmbiguityKind.Encoding, part, $"it is a multipart and says that it is encoded ({FieldText.FromBytes(field.Value).Trim()}), which no multipart may be");
            }

            return;
        }

        if (encoding != TransferEncoding.None && part.IsMessage && part.Children.Count > 0)
        {
            budget.Say(AmbiguityKind.Encoding, part, $"it is a message, was read as it stands, and says that it is encoded ({FieldText.FromBytes(field.Value).Trim()})");
            return;
        }

        part.Encoding = encoding;
    }

    private static void JudgeMultipart(MailPart part, ReadBudget budget)
    {
        IReadOnlyList<string> readings = part.Boundaries;
        if (string.IsNullOrEmpty(part.Boundary))
        {
            if (readings.Count == 0)
            {
                budget.Say(AmbiguityKind.Boundaries, part, "it is a multipart without a boundary");
            }
            else if (part.Children.Count == 0)
            {
                SayTooDeep(part, budget);
            }
        }
        else if (!part.HasEnd)
        {
            budget.Say(AmbiguityKind.MissingEnd, part, "the end boundary is missing");
        }

        if (readings.Count > 1)
        {
            budget.Say(AmbiguityKind.Boundaries, part, $"its boundary is read in more than one way: {string.Join(", ", readings.Select(reading => $"\"{reading}\""))}");
        }

        if (part.Children.Count == 0)
        {
            budget.Say(AmbiguityKind.NoParts, part, "it is a multipart without parts");
        }

        for (MailPart? above = part.Parent; above is not null && part.Boundary is { Length: > 0 }; above = above.Parent)
        {
            if (above.Source == part.Source && above.Boundary is { Length: > 0 } outer && (outer.StartsWith(part.Boundary, StringComparison.Ordinal) || part.Boundary.StartsWith(outer, StringComparison.Ordinal)))
            {
                budget.Say(AmbiguityKind.Boundaries, part, outer == part.Boundary
                    ? "its boundary is also that of a multipart around it"
                    : "its boundary and that of a multipart around it begin alike, so that readers may take one for the other (RFC 2046, 5.1.1)");
            }
        }
    }

    // All that readers may take for the boundary, as far as it can be one.
    private static string[] BoundariesIn(HeaderBlock header) =>
    [
        .. header.Named("Content-Type")
            .SelectMany(field => NameReader.Values(field.Value, "boundary"))
            .Select(value => value.TrimEnd())
            .Where(value => value.Length > 0)
            .Distinct(StringComparer.Ordinal),
    ];

    private static void Once(MailPart part, ReadBudget budget, int count, string name)
    {
        if (count > 1)
        {
            budget.Say(AmbiguityKind.Fields, part, $"{name} comes {count} times");
        }
    }

    private static void SayTooDeep(MailPart part, ReadBudget budget) =>
        budget.Say(AmbiguityKind.Limit, part, $"parts are nested more than {budget.Options.MaxDepth} deep; what is in this one was not looked at");

    private static string? FirstWord(string value)
    {
        string word = value.Trim();
        int end = word.AsSpan().IndexOfAny(" \t\r\n;");
        word = end < 0 ? word : word[..end];
        return word.Length == 0 ? null : word.ToLowerInvariant();
    }
}
