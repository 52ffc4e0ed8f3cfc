using MimeKit;

namespace Milter.Mime.Binding;

/// <summary>A header field as it was parsed: MimeKit keeps its bytes, and makes new ones when it is changed.</summary>
internal readonly record struct ParsedField(string Name, byte[] RawValue, long? Offset)
{
    public static ParsedField[] Of(HeaderList headers) => [.. headers.Select(header => new ParsedField(header.Field, header.RawValue, header.Offset))];

    public static bool AreSame(ParsedField[] before, HeaderList now)
    {
        if (before.Length != now.Count)
        {
            return false;
        }

        for (int i = 0; i < before.Length; i++)
        {
            if (!Same(before[i], now[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool Same(ParsedField before, Header now) => ReferenceEquals(before.RawValue, now.RawValue)
        || (before.Name.Equals(now.Field, StringComparison.OrdinalIgnoreCase) && before.RawValue.AsSpan().SequenceEqual(now.RawValue));
}

/// <summary>An entity as it was parsed, to see by references what was changed since: what MimeKit writes of an untouched tree is not always what came.</summary>
internal sealed class EntityRecord
{
    public EntityRecord(MimeEntity entity, EntityPlace place, bool isBodyOfMessage)
    {
        Place = place;
        IsBodyOfMessage = isBodyOfMessage;
        Fields = ParsedField.Of(entity.Headers);
        Content = (entity as MimePart)?.Content;
        Encoding = (entity as MimePart)?.ContentTransferEncoding ?? ContentEncoding.Default;
        Message = (entity as MessagePart)?.Message;
        MessageBody = Message?.Body;
        MessageFields = Message is null ? [] : ParsedField.Of(Message.Headers);
        if (entity is Multipart multipart)
        {
            Children = [.. multipart];
            Boundary = multipart.Boundary;
            Preamble = multipart.Preamble;
            Epilogue = multipart.Epilogue;
        }
    }

    public EntityPlace Place { get; }

    /// <summary>Gets a value indicating whether its header is that of a message, too.</summary>
    public bool IsBodyOfMessage { get; }

    public ParsedField[] Fields { get; }

    public IMimeContent? Content { get; }

    public ContentEncoding Encoding { get; }

    public MimeMessage? Message { get; }

    public MimeEntity? MessageBody { get; }

    public ParsedField[] MessageFields { get; }

    public MimeEntity[] Children { get; } = [];

    public string? Boundary { get; }

    public string? Preamble { get; }

    public string? Epilogue { get; }

    public bool HasSameFields(MimeEntity entity) => ParsedField.AreSame(Fields, entity.Headers);

    public bool HasSameParts(Multipart multipart) => Children.SequenceEqual(multipart) && AreSameLines(multipart);

    /// <summary>Says whether what stands around the parts can stay as it came, whichever parts there are now.</summary>
    public bool HasSameLines(Multipart multipart) => AreSameLines(multipart) && multipart.Count > 0 && Children.Length > 0 && Place.Boundaries.Count == Children.Length && !string.IsNullOrEmpty(Boundary);

    private bool AreSameLines(Multipart multipart) => Boundary == multipart.Boundary && Preamble == multipart.Preamble && Epilogue == multipart.Epilogue;
}
