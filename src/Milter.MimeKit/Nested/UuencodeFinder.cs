using System.Text;
using Milter.Mime.Content;
using Milter.Mime.Names;
using Milter.Mime.Reading;

namespace Milter.Mime.Nested;

/// <summary>Finds files between <c>begin</c> and <c>end</c> in a text, which Outlook and others show as attachments.</summary>
internal static class UuencodeFinder
{
    private const int MaxLine = 1000;

    public static void Find(MailPart part, ContentReader contents, ReadBudget budget, CancellationToken cancellationToken)
    {
        // Where a header has a line that is no field, the text begins there to some readers.
        Func<Stream> open = part.Header.FirstInvalid < 0 || part.Origin is PartOrigin.Uuencode or PartOrigin.Tnef
            ? part.OpenContent
            : () => TransferEncodings.Open(new RangeStream(part.Source.Stream, part.Header.FirstInvalid, part.ContentEnd), part.Encoding);
        foreach (Found found in Lines(open, cancellationToken))
        {
            budget.TakePart();
            if (!found.HasEnd)
            {
                budget.Say(AmbiguityKind.MissingEnd, part, $"the uuencoded file \"{found.Name}\" has no end");
            }

            var names = new NameReader();
            names.Add(found.Name);
            names.Add(FieldText.DecodeWords(found.Name));
            var child = new MailPart(part, part.Source, new HeaderBlock(part.ContentBegin), FileNames.HasExtension(found.Name, ["eml"]) ? "message/rfc822" : "application/octet-stream")
            {
                Origin = PartOrigin.Uuencode,
                Names = names.Names,
                Opener = () => TransferEncodings.Open(new SliceStream(open(), found.Begin, found.End - found.Begin), TransferEncoding.Uuencode),
            };
            contents.Look(child);
        }
    }

    private sealed record Found(string Name, long Begin, long End, bool HasEnd);

    private static List<Found> Lines(Func<Stream> open, CancellationToken cancellationToken)
    {
        var found = new List<Found>();
        using Stream content = open();
        using var lines = new LineReader(content, MaxLine);
        (string Name, long Begin)? begun = null;
        bool isInside = false;
        while (lines.TryRead(out ReadOnlySpan<byte> line, out long offset))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (isInside)
            {
                if (line.TrimEnd((byte)' ').SequenceEqual("end"u8))
                {
                    found.Add(new Found(begun!.Value.Name, begun.Value.Begin, lines.Position, HasEnd: true));
                    (begun, isInside) = (null, false);
                }

                continue;
            }

            // The line behind "begin" says whether it is one, or only a sentence.
            isInside = begun is not null && IsData(line);
            if (!isInside)
            {
                begun = NameOf(line) is { } name ? (name, offset) : null;
            }
            else if (line.TrimEnd((byte)' ').SequenceEqual("end"u8))
            {
                found.Add(new Found(begun!.Value.Name, begun.Value.Begin, lines.Position, HasEnd: true));
                (begun, isInside) = (null, false);
            }
        }

        if (isInside)
        {
            found.Add(new Found(begun!.Value.Name, begun.Value.Begin, lines.Position, HasEnd: false));
        }

        return found;
    }

    private static string? NameOf(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("begin "u8))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = line[6..].TrimStart((byte)' ');
        int digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'7');
        if (digits is not (3 or 4) || rest[digits] != ' ')
        {
            return null;
        }

        string name = FieldText.Decode(Encoding.Latin1.GetString(rest[(digits + 1)..])).Trim();
        return name.Length == 0 ? null : name;
    }

    private static bool IsData(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> data = line.TrimEnd((byte)' ');
        if (data.SequenceEqual("end"u8) || data.SequenceEqual("`"u8) || line.Length == 0)
        {
            return line.Length > 0;
        }

        int count = (line[0] - 32) & 63;
        int expected = (count + 2) / 3 * 4;
        return line[0] is >= 32 and <= 96 && data.Length - 1 <= expected + 3 && line.Length - 1 >= Math.Min(expected, 1) && !data.ContainsAnyExceptInRange((byte)32, (byte)96);
    }
}
