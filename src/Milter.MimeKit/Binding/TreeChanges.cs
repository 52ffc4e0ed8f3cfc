using MimeKit;
using MimeKit.Cryptography;
using Milter.Mime.Edits;

namespace Milter.Mime.Binding;

/// <summary>Finds what was changed in a tree, and makes the smallest set of changes of it: fields of the message, and pieces of the body.</summary>
internal sealed class TreeChanges(MessageTree tree)
{
    private readonly TreeWriter _writer = new(tree);
    private byte _boundaries;

    /// <summary>Gets the changes of fields.</summary>
    public List<FieldChange> Fields { get; } = [];

    /// <summary>Gets the pieces of the body, or nothing where it is as it came.</summary>
    public IReadOnlyList<BodyPiece> Pieces => _writer.Pieces;

    public void Find()
    {
        MimeEntity? body = tree.Message.Body;
        if (body is not null)
        {
            Prepare(body);
        }

        Fields.AddRange(HeaderComparison.Compare([.. tree.Fields, .. tree.Root?.Fields ?? []], [.. tree.Message.Headers, .. body?.Headers ?? []]));
        if (body is null)
        {
            if (tree.Root is not null)
            {
                _writer.WriteNothing();
            }

            return;
        }

        if (!tree.HasSameContent(body))
        {
            _writer.WriteContent(body);
        }

        if (Fields.Exists(change => change.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) && !tree.Message.Headers.Contains(HeaderId.MimeVersion))
        {
            Fields.Add(new FieldChange("MIME-Version", FieldChange.AtEnd, [.. "1.0"u8]));
        }
    }

    // New content may not fit the encoding that is declared; what was not touched is left alone, since preparing it would encode it anew, wherever it stands now.
    private void Prepare(MimeEntity entity)
    {
        EntityRecord? record = tree.RecordOf(entity);
        switch (entity)
        {
            case MimePart part when !ReferenceEquals(part.Content, record?.Content):
                part.Prepare(EncodingConstraint.SevenBit);
                break;
            case MultipartSigned when record is null:
                // It was prepared when it was signed.
                break;
            case Multipart multipart:
                if (NeedsBoundary(multipart, record))
                {
                    multipart.Boundary = EntityWriter.NewBoundary(tree.Source, [[++_boundaries]]);
                }

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

    // MimeKit writes the parts of a multipart without a boundary between lines of two dashes; and the boundary of a new one is another one each time.
    private static bool NeedsBoundary(Multipart multipart, EntityRecord? record) => record is null
        ? string.IsNullOrEmpty(multipart.Boundary) || multipart.Boundary.StartsWith("=-", StringComparison.Ordinal)
        : string.IsNullOrEmpty(multipart.Boundary) && multipart.Count > 0 && !record.HasSameParts(multipart);
}
