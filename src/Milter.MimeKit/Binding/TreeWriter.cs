using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Milter.Mime.Edits;

namespace Milter.Mime.Binding;

/// <summary>Writes entities of a tree as pieces of a body: what was not touched as the range where it stands, wherever it is in the tree now.</summary>
internal sealed class TreeWriter(MessageTree tree)
{
    private static readonly FormatOptions s_format = MakeFormat();

    private readonly List<BodyPiece> _pieces = [];

    public IReadOnlyList<BodyPiece> Pieces => _pieces;

    /// <summary>Makes the body an empty one.</summary>
    public void WriteNothing() => Add([]);

    /// <summary>Writes what stands below an entity's header.</summary>
    public void WriteContent(MimeEntity entity)
    {
        EntityRecord? record = tree.RecordOf(entity);
        if (record is not null && tree.HasSameContent(entity))
        {
            Add(record.Place.ContentBegin, record.Place.End);
            return;
        }

        switch (entity)
        {
            case Multipart multipart when record is not null && record.HasSameLines(multipart):
                WriteParts(multipart, record);
                break;
            case Multipart multipart when record is not null || multipart is not MultipartSigned:
                WriteAnew(multipart, record);
                break;
            case MessagePart { Message: { } inner }:
                WriteMessage(inner, record);
                break;
            default:
                var output = new MemoryStream();
                entity.WriteTo(s_format, output, contentOnly: true);
                Add(output.ToArray());
                break;
        }
    }

    private void Write(MimeEntity entity)
    {
        EntityRecord? record = tree.RecordOf(entity);

        // The body of a message has its fields among the message's, which don't come along.
        if (record is { IsBodyOfMessage: false } && tree.IsSame(entity))
        {
            Add(record.Place.Begin, record.Place.End);
            return;
        }

        if (record is null && entity is (MimePart or MultipartSigned))
        {
            var output = new MemoryStream();
            entity.WriteTo(s_format, output);
            Add(output.ToArray());
            return;
        }

        bool hasPlace = record is { IsBodyOfMessage: false };
        WriteHeader(entity.Headers, hasPlace ? record!.Fields : [], hasPlace ? record!.Place : null);
        WriteContent(entity);
    }

    // As it came, its header is one with its body's.
    private void WriteMessage(MimeMessage message, EntityRecord? part)
    {
        EntityRecord? body = message.Body is { } entity ? tree.RecordOf(entity) : null;
        bool isInPlace = ReferenceEquals(message, part?.Message) && body is not null;
        WriteHeader([.. message.Headers, .. message.Body?.Headers ?? []], isInPlace ? [.. part!.MessageFields, .. body!.Fields] : [], isInPlace ? body!.Place : null);
        if (message.Body is not null)
        {
            WriteContent(message.Body);
        }
    }

    private void WriteHeader(IEnumerable<Header> headers, ParsedField[] before, EntityPlace? place)
    {
        // Where each stood: what is changed has no place any more, and takes that of the field that it was.
        Header[] now = [.. headers.OrderBy(header => header.Offset ?? Array.Find(before, field => field.Name.Equals(header.Field, StringComparison.OrdinalIgnoreCase)).Offset ?? long.MaxValue)];
        before = [.. before.OrderBy(field => field.Offset)];
        bool isSame = now.Length == before.Length && before.Zip(now).All(pair => ParsedField.Same(pair.First, pair.Second));
        if (isSame && place is { HasSeparator: true } && place.ContentBegin <= place.End)
        {
            Add(place.Begin, Math.Min(place.HeadersEnd, place.End));
            return;
        }

        var output = new MemoryStream();
        foreach (Header header in now)
        {
            output.Write(header.RawField);
            output.Write(":"u8);
            output.Write(header.Offset is null ? WithLineEnds(header.RawValue) : header.RawValue);
            if (header.RawValue.Length == 0 || header.RawValue[^1] != '\n')
            {
                output.Write("\r\n"u8);
            }
        }

        output.Write("\r\n"u8);
        Add(output.ToArray());
    }

    // Fields that MimeKit has written have the line ends of the system.
    private static byte[] WithLineEnds(byte[] value) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(value).ReplaceLineEndings("\r\n"));

    // Between parts that were neighbours, and before the first and behind the last, all is as it came. Each other part has its own line as far as it came with one.
    private void WriteParts(Multipart multipart, EntityRecord record)
    {
        EntityPlace place = record.Place;
        Add(place.ContentBegin, place.Boundaries[0]);
        int before = -1;
        for (int i = 0; i < multipart.Count; i++)
        {
            int index = Array.IndexOf(record.Children, multipart[i]);
            if (i > 0 && index > 0 && index == before + 1)
            {
                Add(EndOf(record, before), BeginOf(record, index));
            }
            else
            {
                if (i > 0)
                {
                    Add([.. "\r\n"u8]);
                }

                if (index < 0)
                {
                    Add(Encoding.Latin1.GetBytes($"--{multipart.Boundary}\r\n"));
                }
                else
                {
                    Add(place.Boundaries[index], BeginOf(record, index));
                }
            }

            Write(multipart[i]);
            before = index;
        }

        if (before == record.Children.Length - 1)
        {
            Add(EndOf(record, before), place.End);
        }
        else if (place.EndBoundary >= 0)
        {
            Add([.. "\r\n"u8]);
            Add(place.EndBoundary, place.End);
        }
        else
        {
            Add(Encoding.Latin1.GetBytes($"\r\n--{multipart.Boundary}--\r\n"));
        }
    }

    private long BeginOf(EntityRecord record, int index) => tree.RecordOf(record.Children[index])!.Place.Begin;

    private long EndOf(EntityRecord record, int index) => tree.RecordOf(record.Children[index])!.Place.End;

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
        bool isLast = ReferenceEquals(multipart, tree.Message.Body) || record?.Place.End == tree.Source.Length;
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
