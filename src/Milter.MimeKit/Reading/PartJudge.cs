using MimeKit;
using Milter.Mime.Content;
using Milter.Mime.Names;

namespace Milter.Mime.Reading;

/// <summary>Reads what a part's fields say, and says where readers would read something else.</summary>
internal static class PartJudge
{
    public static void Judge(MailPart part, ReadBudget budget)
    {
        JudgeHeader(part, budget);
        JudgeType(part, budget);
        JudgeNames(part, budget);
        JudgeEncoding(part, budget);
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

    private static void JudgeType(MailPart part, ReadBudget budget)
    {
        ContentField[] types = [.. part.Header.Named("Content-Type")];
        Once(part, budget, types, "Content-Type");
        if (types.Length > 0 && !PlainField.TryRead(types[0].Value, isType: true, [], []) && !ContentType.TryParse(FieldText.Loose, types[0].Value, out _))
        {
            budget.Say(AmbiguityKind.Fields, part, "its Content-Type can't be read as one");
        }

        ContentField[] dispositions = [.. part.Header.Named("Content-Disposition")];
        Once(part, budget, dispositions, "Content-Disposition");
        if (dispositions.Length > 0)
        {
            part.Disposition = !PlainField.TryRead(dispositions[0].Value, isType: false, [], []) && ContentDisposition.TryParse(FieldText.Loose, dispositions[0].Value, out ContentDisposition? disposition)
                ? disposition.Disposition.ToLowerInvariant()
                : FirstWord(FieldText.FromBytes(dispositions[0].Value));
        }

        if (part.MediaType is "message/partial" or "message/external-body")
        {
            budget.Say(AmbiguityKind.Elsewhere, part, part.MediaType == "message/partial"
                ? "it is a piece of a message (message/partial): what the whole holds is seen only where the pieces are put together"
                : "its content is elsewhere (message/external-body)");
        }
    }

    private static void JudgeNames(MailPart part, ReadBudget budget)
    {
        var reader = new NameReader();
        foreach (ContentField field in part.Header.Named("Content-Disposition"))
        {
            reader.ReadDisposition(field.Value);
        }

        foreach (ContentField field in part.Header.Named("Content-Type"))
        {
            reader.ReadType(field.Value);
        }

        part.Names = reader.Names;
        if (reader.Disagree)
        {
            budget.Say(AmbiguityKind.Names, part, $"its names disagree: {string.Join(", ", part.Names.Select(name => $"\"{name}\""))}");
        }
    }

    private static void JudgeEncoding(MailPart part, ReadBudget budget)
    {
        ContentField[] encodings = [.. part.Header.Named("Content-Transfer-Encoding")];
        Once(part, budget, encodings, "Content-Transfer-Encoding");
        if (encodings.Length == 0)
        {
            return;
        }

        string word = FieldText.FromBytes(encodings[0].Value).Trim();
        if (!TransferEncodings.TryParse(word, out TransferEncoding encoding))
        {
            budget.Say(AmbiguityKind.Encoding, part, $"its Content-Transfer-Encoding \"{word}\" is not one that all readers know");
        }

        if (part.IsMultipart)
        {
            if (encoding != TransferEncoding.None)
            {
                budget.Say(AmbiguityKind.Encoding, part, $"it is a multipart and says that it is encoded ({word}), which no multipart may be");
            }

            return;
        }

        if (encoding != TransferEncoding.None && part.IsMessage && part.Children.Count > 0)
        {
            budget.Say(AmbiguityKind.Encoding, part, $"it is a message, was read as it stands, and says that it is encoded ({word})");
            return;
        }

        part.Encoding = encoding;
    }

    private static void JudgeMultipart(MailPart part, ReadBudget budget)
    {
        string[] readings = [.. Boundaries(part)];
        if (string.IsNullOrEmpty(part.Boundary))
        {
            if (readings.Length == 0)
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

        if (readings.Length > 1)
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

    /// <summary>Gives all that readers may take for the boundary of a part, as far as it can be one.</summary>
    public static IEnumerable<string> Boundaries(MailPart part) => part.Header.Named("Content-Type")
        .SelectMany(field => NameReader.Values(field.Value, "boundary"))
        .Select(value => value.TrimEnd())
        .Where(value => value.Length > 0)
        .Distinct(StringComparer.Ordinal);

    private static void Once(MailPart part, ReadBudget budget, ContentField[] fields, string name)
    {
        if (fields.Length > 1)
        {
            budget.Say(AmbiguityKind.Fields, part, $"{name} comes {fields.Length} times");
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
