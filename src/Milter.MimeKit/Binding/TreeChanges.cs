using System.Text;
using MimeKit;
using Milter.Mime.Edits;

namespace Milter.Mime.Binding;

/// <summary>Finds what was changed in a tree, and makes the smallest set of changes of it: fields of the message, and pieces of the body.</summary>
internal sealed class TreeChanges(MessageTree tree)
{
    private static readonly FormatOptions s_format = MakeFormat();

    private readonly List<BodyPiece> _pieces = [];

    /// <summary>Gets the changes of fields.</summary>
    public List<FieldChange> Fields { get; } = [];

    /// <summary>Gets the pieces of the body, or nothing where it is as it came.</summary>
    public IReadOnlyList<BodyPiece> Pieces => _pieces;

    public void Find()
    {
        MimeEntity? body = tree.Message.Body;
        if (body is not null)
        {
            Prepare(body);
        }

        ParsedField[] rootBefore = tree.Root?.Fields ?? [];
        CompareFields([.. tree.Fields, .. rootBefore], [.. tree.Message.Headers, .. body?.Headers ?? []]);
        if (body is null ? tree.Root is not null : !IsSameContent(body))
        {
            if (body is not null)
            {
                WriteContent(body);
            }

            if (Fields.Count == 0 || Fields.TrueForAll(change => !change.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
            {
                return;
            }
        }

        if (Fields.Exists(change => change.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) && !tree.Message.Headers.Contains(HeaderId.MimeVersion))
        {
            Fields.Add(new FieldChange("MIME-Version", 0, [.. "1.0"u8]));
        }
    }

    // By name, since a parameter that is changed moves the whole field below the others.
    private void CompareFields(ParsedField[] before, Header[] now)
    {
        foreach (string name in before.Select(field => field.Name).Concat(now.Select(header => header.Field)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            ParsedField[] old = Array.FindAll(before, field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            Header[] current = Array.FindAll(now, header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase));
            for (int i = 0; i < Math.Max(old.Length, current.Length); i++)
            {
                if (i >= current.Length)
                {
                    Fields.Add(new FieldChange(name, i + 1, null));
                }
                else if (i >= old.Length || !ParsedField.Same(old[i], current[i]))
                {
                    Fields.Add(new FieldChange(current[i].Field, i < old.Length ? i + 1 : 0, current[i].RawValue));
                }
            }
        }
    }

    // New content may not fit the encoding that is declared; what was not touched is left alone, since preparing it would encode it anew.
    private void Prepare(MimeEntity entity)
    {
        EntityRecord? record = tree.RecordOf(entity);
        if (record is null)
        {
            entity.Prepare(EncodingConstraint.SevenBit);
            return;
        }

        switch (entity)
        {
            case MimePart part when !ReferenceEquals(part.Content, record.Content):
                part.Prepare(EncodingConstraint.SevenBit);
                break;
            case Multipart multipart:
                foreach (MimeEntity child in multipart)
                {
                    Prepare(child);
                }

                break;
            case MessagePart { Message.Body: { } inner }:
                Prepare(inner);
                break;
            default:
                break;
        }
    }

    private bool IsSame(MimeEntity entity) => tree.RecordOf(entity) is { } record && record.HasSameFields(entity) && IsSameContent(entity);

    private bool IsSameContent(MimeEntity entity) => tree.RecordOf(entity) is { } record && entity switch
    {
        MimePart part => ReferenceEquals(part.Content, record.Content) && part.ContentTransferEncoding == record.Encoding,
        Multipart multipart => record.HasSameParts(multipart) && multipart.All(IsSame),
        MessagePart message => ReferenceEquals(message.Message, record.Message) && (message.Message is not { } inner || (ParsedField.AreSame(record.MessageFields, inner.Headers) && (inner.Body is null || IsSame(inner.Body)))),
        _ => true,
    };

    private void Write(MimeEntity entity)
    {
        EntityRecord? record = tree.RecordOf(entity);
        if (record is null)
        {
            var output = new MemoryStream();
            entity.WriteTo(s_format, output);
            Add(output.ToArray());
        }
        else if (IsSame(entity))
        {
            Add(record.Place.Begin, record.Place.End);
        }
        else
        {
            WriteHeader(entity.Headers, record.Fields, record);
            WriteContent(entity);
        }
    }

    private void WriteHeader(IEnumerable<Header> headers, ParsedField[] before, EntityRecord record)
    {
        // Where each stood: what is changed has no place any more, and takes that of the field that it was.
        Header[] now = [.. headers.OrderBy(header => header.Offset ?? Array.Find(before, field => field.Name.Equals(header.Field, StringComparison.OrdinalIgnoreCase)).Offset ?? long.MaxValue)];
        before = [.. before.OrderBy(field => field.Offset)];
        bool isSame = now.Length == before.Length && before.Zip(now).All(pair => ParsedField.Same(pair.First, pair.Second));
        if (isSame && record.Place.HasSeparator && record.Place.ContentBegin <= record.Place.End)
        {
            Add(record.Place.Begin, Math.Min(record.Place.HeadersEnd, record.Place.End));
            return;
        }

        var output = new MemoryStream();
        foreach (Header header in now)
        {
            output.Write(header.RawField);
            output.Write(":"u8);
            output.Write(header.RawValue);
            if (header.RawValue.Length == 0 || header.RawValue[^1] != '\n')
            {
                output.Write("\r\n"u8);
            }
        }

        output.Write("\r\n"u8);
        Add(output.ToArray());
    }

    private void WriteContent(MimeEntity entity)
    {
        EntityRecord? record = tree.RecordOf(entity);
        if (record is not null && IsSameContent(entity))
        {
            Add(record.Place.ContentBegin, record.Place.End);
            return;
        }

        switch (entity)
        {
            case Multipart multipart when record is not null && record.HasSameParts(multipart):
                WriteParts(multipart, record);
                break;
            case Multipart multipart:
                WriteAnew(multipart, record);
                break;
            case MessagePart { Message: { } inner } when record is not null && ReferenceEquals(inner, record.Message) && inner.Body is { } body && tree.RecordOf(body) is { } bodyRecord:
                WriteHeader([.. inner.Headers, .. body.Headers], [.. record.MessageFields, .. bodyRecord.Fields], bodyRecord);
                WriteContent(body);
                break;
            default:
                var output = new MemoryStream();
                entity.WriteTo(s_format, output, contentOnly: true);
                Add(output.ToArray());
                break;
        }
    }

    private void WriteParts(Multipart multipart, EntityRecord record)
    {
        long at = record.Place.ContentBegin;
        foreach (MimeEntity child in multipart)
        {
            EntityPlace place = tree.RecordOf(child)!.Place;
            Add(at, place.Begin);
            Write(child);
            at = place.End;
        }

        Add(at, record.Place.End);
    }

    // Its own lines are new; the parts that stay are as they came.
    private void WriteAnew(Multipart multipart, EntityRecord? record)
    {
        byte[] delimiter = Encoding.Latin1.GetBytes("--" + multipart.Boundary);
        if (multipart.Preamble is { Length: > 0 } preamble)
        {
            Add(Encoding.UTF8.GetBytes(EntityWriter.Lines(preamble.TrimEnd('\r', '\n'), "\r\n") + "\r\n"));
        }

        foreach (MimeEntity child in multipart)
        {
            Add([.. delimiter, .. "\r\n"u8]);
            Write(child);
            Add([.. "\r\n"u8]);
        }

        Add([.. delimiter, .. "--"u8]);
        string epilogue = EntityWriter.Lines(multipart.Epilogue ?? "", "\r\n");
        bool isLast = record is null || record.Place.End == tree.Source.Length;
        Add(Encoding.UTF8.GetBytes(epilogue.Length == 0 && isLast ? "\r\n" : epilogue.Length == 0 || epilogue[0] == '\r' ? epilogue : "\r\n" + epilogue));
    }

    private void Add(byte[] bytes) => _pieces.Add(new BodyPiece(0, 0, bytes));

    private void Add(long begin, long end)
    {
        if (_pieces is [.., { Bytes: null } last] && last.End == begin)
        {
            _pieces[^1] = last with { End = end };
        }
        else if (end > begin)
        {
            _pieces.Add(new BodyPiece(begin, end, null));
        }
    }

    private static FormatOptions MakeFormat()
    {
        FormatOptions format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }
}
