using MimeKit;
using Milter.Mime.Names;

namespace Milter.Mime.Binding;

/// <summary>A message as MimeKit's tree, with what is needed to see what was changed in it.</summary>
internal sealed class MessageTree
{
    private readonly Dictionary<MimeEntity, EntityRecord> _records = new(ReferenceEqualityComparer.Instance);

    private MessageTree(MimeMessage message, Stream source) => (Message, Source, Fields) = (message, source, ParsedField.Of(message.Headers));

    public MimeMessage Message { get; }

    public Stream Source { get; }

    /// <summary>Gets the fields of the message itself as they were parsed, without those of its content.</summary>
    public ParsedField[] Fields { get; }

    /// <summary>Gets the entity that the message had.</summary>
    public EntityRecord? Root { get; private set; }

    public static MessageTree Read(Stream source, CancellationToken cancellationToken)
    {
        ParserOptions options = FieldText.Loose.Clone();
        options.MaxMimeDepth = new MailPartsOptions().MaxDepth;
        var parser = new TreeParser(options, source);
        MimeMessage message = parser.ParseMessage(cancellationToken);
        var tree = new MessageTree(message, source);
        int next = 0;
        if (message.Body is { } body)
        {
            tree.Note(body, parser.Places, ref next, isBodyOfMessage: true);
            tree.Root = tree.RecordOf(body);
        }

        return tree;
    }

    public EntityRecord? RecordOf(MimeEntity entity) => _records.GetValueOrDefault(entity);

    public bool IsSame(MimeEntity entity) => RecordOf(entity) is { } record && record.HasSameFields(entity) && HasSameContent(entity);

    public bool HasSameContent(MimeEntity entity) => RecordOf(entity) is { } record && entity switch
    {
        MimePart part => ReferenceEquals(part.Content, record.Content) && part.ContentTransferEncoding == record.Encoding,
        Multipart multipart => record.HasSameParts(multipart) && multipart.All(IsSame),
        MessagePart message => ReferenceEquals(message.Message, record.Message)
            && (message.Message is not { } inner || (ParsedField.AreSame(record.MessageFields, inner.Headers) && ReferenceEquals(inner.Body, record.MessageBody) && (inner.Body is null || IsSame(inner.Body)))),
        _ => true,
    };

    private void Note(MimeEntity entity, List<EntityPlace> places, ref int next, bool isBodyOfMessage)
    {
        if (next >= places.Count)
        {
            return;
        }

        _records[entity] = new EntityRecord(entity, places[next++], isBodyOfMessage);
        if (entity is Multipart multipart)
        {
            foreach (MimeEntity child in multipart)
            {
                Note(child, places, ref next, isBodyOfMessage: false);
            }
        }
        else if (entity is MessagePart { Message.Body: { } inner })
        {
            Note(inner, places, ref next, isBodyOfMessage: true);
        }
    }
}
