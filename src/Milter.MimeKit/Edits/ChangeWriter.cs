using System.Text;
using Milter.Mime.Reading;

namespace Milter.Mime.Edits;

/// <summary>Makes the smallest set of changes out of what is to become of each part.</summary>
internal sealed class ChangeWriter(MailPart root, string newLine, IReadOnlyList<byte[]> attached, byte[]? notice)
{
    private readonly List<Splice> _splices = [];
    private readonly List<FieldChange> _fields = [];

    public MessageChange Write()
    {
        Visit(root);
        if (notice is not null)
        {
            Wrap();
        }
        else if (attached.Count > 0 && !TryAppend())
        {
            Surround();
        }
        else if (root.Edit is { HasFieldChanges: true } edit)
        {
            ChangeFields(edit.Fields);
        }

        // Of the same place, what was said first comes first.
        return new MessageChange(_fields, [.. _splices.OrderBy(splice => splice.Begin)]);
    }

    /// <summary>Gives the header of a part with its changes, without the empty line.</summary>
    public static byte[] HeaderOf(MailPart part, IReadOnlyList<EditedField> fields, string newLine)
    {
        HeaderBlock header = part.Header;
        byte[] raw = SourceReader.Bytes(part.Source.Stream, header.Begin, Math.Min(header.FieldsEnd, part.End) - header.Begin);
        var output = new MemoryStream();
        long at = header.Begin;
        foreach (ContentField field in header.Content.Where(field => field.Length > 0))
        {
            EditedField? now = fields.FirstOrDefault(one => one.Original is { } original && original.Offset == field.Offset);
            if (now is { IsChanged: false })
            {
                continue;
            }

            output.Write(raw.AsSpan(Clamp(at)..Clamp(field.Offset)));
            at = field.Offset + field.Length;
            if (now is not null)
            {
                output.Write(Line(now, newLine));
            }
        }

        output.Write(raw.AsSpan(Clamp(at)..));
        if (output.Length > 0 && output.GetBuffer()[output.Length - 1] != '\n')
        {
            output.Write(Encoding.ASCII.GetBytes(newLine));
        }

        foreach (EditedField added in fields.Where(field => field.Original is null))
        {
            output.Write(Line(added, newLine));
        }

        return output.ToArray();

        int Clamp(long place) => (int)Math.Clamp(place - header.Begin, 0, raw.Length);
    }

    private static byte[] Line(EditedField field, string newLine) => Encoding.Latin1.GetBytes($"{field.Name}:{Encoding.Latin1.GetString(field.Value).TrimEnd('\r', '\n')}{newLine}");

    private void Visit(MailPart part)
    {
        if (part.Edit is { } edit && !VisitEdited(part, edit))
        {
            return;
        }

        foreach (MailPart child in part.Children)
        {
            if (child.Source == root.Source && child.Origin == PartOrigin.Mime)
            {
                Visit(child);
            }
        }
    }

    // Returns whether the parts in it are still there.
    private bool VisitEdited(MailPart part, PartEdit edit)
    {
        if (edit.IsRemoved)
        {
            Remove(part);
            return false;
        }

        if (edit.Entity is not null)
        {
            _splices.Add(new Splice(part.Begin, part.End, edit.Entity));
            return false;
        }

        bool isBare = part.IsBare && (edit.Content is not null || edit.Insertions.Count > 0);
        if (part != root && (isBare || edit.HasFieldChanges))
        {
            byte[] header = [.. HeaderOf(part, edit.Fields, newLine), .. Encoding.ASCII.GetBytes(newLine)];
            byte[] content = isBare ? edit.Content ?? [.. edit.Insertions.SelectMany(insertion => insertion.Bytes)] : [];
            _splices.Add(new Splice(part.Begin, isBare ? part.End : Math.Min(part.Header.End, part.End), [.. header, .. content]));
        }

        if (!isBare || part == root)
        {
            if (edit.Content is not null)
            {
                _splices.Add(new Splice(part.ContentBegin, part.ContentEnd, edit.Content));
            }
            else
            {
                _splices.AddRange(edit.Insertions.Select(insertion => new Splice(insertion.Place, insertion.Place, insertion.Bytes)));
            }
        }

        return edit.Content is null;
    }

    // From its boundary line to the next one, so that what is before and behind stays as it is.
    private void Remove(MailPart part)
    {
        MailPart around = part.Parent!;
        int index = around.Delimiters.FindLastIndex(place => place < part.Begin);
        long end = index + 1 < around.Delimiters.Count ? around.Delimiters[index + 1] : part.End;
        _splices.Add(new Splice(around.Delimiters[index], end, []));
    }

    private void ChangeFields(IReadOnlyList<EditedField> fields)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (ContentField field in root.Header.Content.Where(field => field.Length > 0))
        {
            int occurrence = seen[field.Name] = seen.GetValueOrDefault(field.Name) + 1;
            EditedField? now = fields.FirstOrDefault(one => one.Original is { } original && original.Offset == field.Offset);
            if (now is null or { IsChanged: true })
            {
                _fields.Add(new FieldChange(field.Name, occurrence, now?.Value));
            }
        }

        _fields.AddRange(fields.Where(field => field.Original is null).Select(field => new FieldChange(field.Name, 0, field.Value)));
        if (!root.Header.HasMimeVersion && fields.Count > 0)
        {
            _fields.Add(new FieldChange("MIME-Version", 0, [.. " 1.0"u8]));
        }
    }

    private bool TryAppend()
    {
        if (root.MediaType != "multipart/mixed" || string.IsNullOrEmpty(root.Boundary) || root.Edit is { IsReplaced: true } || root.Delimiters.Count == 0 || root.Source.Stream.Length < root.End)
        {
            return false;
        }

        string delimiter = "--" + root.Boundary + newLine;
        if (root.HasEnd)
        {
            _splices.Add(new Splice(root.Delimiters[^1], root.Delimiters[^1], [.. attached.SelectMany(entity => (byte[])[.. Latin(delimiter), .. entity, .. Latin(newLine)])]));
        }
        else
        {
            string begin = EndsLine(root.End) ? "" : newLine;
            byte[] parts = [.. attached.SelectMany(entity => (byte[])[.. Latin(newLine + delimiter), .. entity])];
            _splices.Add(new Splice(root.End, root.End, [.. Latin(begin), .. parts, .. Latin($"{newLine}--{root.Boundary}--{newLine}")]));
        }

        if (root.Edit is { HasFieldChanges: true } edit)
        {
            ChangeFields(edit.Fields);
        }

        return true;
    }

    // What the message was becomes the first part of a multipart.
    private void Surround()
    {
        IReadOnlyList<EditedField> fields = root.Edit?.Fields ?? new PartEdit(root).Fields;
        string boundary = NewBoundary();
        Around(boundary, [.. fields.SelectMany(field => Line(field, newLine)), .. Latin(newLine)], before: null);
    }

    private void Wrap()
    {
        byte[] header = HeaderOf(root, root.Edit?.Fields ?? new PartEdit(root).Fields, newLine);
        string boundary = NewBoundary();
        byte[] outer = EntityWriter.Header(
            [("Content-Type", " message/rfc822"), ("Content-Transfer-Encoding", HasEightBit() ? " 8bit" : " 7bit"), ("Content-Disposition", " attachment")], newLine);
        Around(boundary, [.. outer, .. header, .. Latin(newLine)], notice);
    }

    private void Around(string boundary, byte[] first, byte[]? before)
    {
        string delimiter = "--" + boundary + newLine;
        byte[] prefix = before is null ? [.. Latin(delimiter), .. first] : [.. Latin(delimiter), .. before, .. Latin(newLine + delimiter), .. first];
        byte[] suffix = [.. attached.SelectMany(entity => (byte[])[.. Latin(newLine + delimiter), .. entity]), .. Latin($"{newLine}--{boundary}--{newLine}")];
        _splices.Insert(0, new Splice(root.ContentBegin, root.ContentBegin, prefix));
        long end = root.Source.Stream.Length;
        _splices.Add(new Splice(end, end, suffix));
        ContentField? type = root.Header.Content.Where(field => field.Length > 0 && field.Is("Content-Type")).Select(field => (ContentField?)field).FirstOrDefault();
        ChangeFields([new EditedField("Content-Type", Latin($" multipart/mixed;{newLine}\tboundary=\"{boundary}\""), type)]);
    }

    private bool HasEightBit()
    {
        var content = new Content.RangeStream(root.Source.Stream, 0, root.Source.Stream.Length);
        byte[] buffer = new byte[32 * 1024];
        while (content.Read(buffer) is > 0 and var count)
        {
            if (!Ascii.IsValid(buffer.AsSpan(0, count)))
            {
                return true;
            }
        }

        return false;
    }

    private string NewBoundary() => EntityWriter.NewBoundary(root.Source.Stream, [.. attached, notice ?? []]);

    private bool EndsLine(long place) => place == 0 || SourceReader.Bytes(root.Source.Stream, place - 1, 1) is [(byte)'\n'];

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
