using MimeKit;

namespace Milter.Mime.Binding;

/// <summary>Where an entity stands in the message.</summary>
internal sealed class EntityPlace(long begin, long headersEnd)
{
    public long Begin { get; } = begin;

    public long HeadersEnd { get; set; } = headersEnd;

    /// <summary>Gets or sets where its content begins, and where it ends.</summary>
    public long ContentBegin { get; set; } = headersEnd;

    public long End { get; set; }

    public bool HasSeparator { get; init; }

    /// <summary>Gets where the lines before its parts begin.</summary>
    public List<long> Boundaries { get; } = [];

    /// <summary>Gets or sets where the line behind its parts begins, or -1.</summary>
    public long EndBoundary { get; set; } = -1;
}

/// <summary>MimeKit's parser, noting the place of each entity as it begins and ends.</summary>
/// <remarks>An entity has no place of its own: places and entities are put together by their order, which is that of the tree.</remarks>
internal sealed class TreeParser(ParserOptions options, Stream stream) : ExperimentalMimeParser(options, stream, MimeFormat.Entity, persistent: true)
{
    // A message of fields alone would take many times its size.
    private const int MaxFields = 100_000;

    private readonly Stack<EntityPlace> _open = new();
    private EntityPlace? _pending;
    private bool _hasSeparator;
    private int _fields;

    /// <summary>Gets the places in the order of the tree.</summary>
    public List<EntityPlace> Places { get; } = [];

    protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        _hasSeparator = false;
        base.OnHeadersBegin(beginOffset, beginLineNumber, cancellationToken);
    }

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        if (++_fields > MaxFields)
        {
            throw new FormatException($"The message has more than {MaxFields} header fields.");
        }

        base.OnHeaderRead(header, beginLineNumber, cancellationToken);
    }

    protected override void OnBodySeparator(long beginOffset, int lineNumber, long endOffset, CancellationToken cancellationToken)
    {
        _hasSeparator = true;
        base.OnBodySeparator(beginOffset, lineNumber, endOffset, cancellationToken);
    }

    protected override void OnHeadersEnd(long beginOffset, int beginLineNumber, long endOffset, int endLineNumber, CancellationToken cancellationToken)
    {
        _pending = new EntityPlace(beginOffset, endOffset) { HasSeparator = _hasSeparator };
        base.OnHeadersEnd(beginOffset, beginLineNumber, endOffset, endLineNumber, cancellationToken);
    }

    protected override void OnMultipartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        Push();
        base.OnMultipartBegin(contentType, beginOffset, beginLineNumber, cancellationToken);
    }

    protected override void OnMessagePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        Push();
        base.OnMessagePartBegin(contentType, beginOffset, beginLineNumber, cancellationToken);
    }

    protected override void OnMimePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        Push();
        base.OnMimePartBegin(contentType, beginOffset, beginLineNumber, cancellationToken);
    }

    protected override void OnMimePartContentEnd(long beginOffset, int beginLineNumber, long endOffset, int lines, NewLineFormat? newLineFormat, CancellationToken cancellationToken)
    {
        _open.Peek().ContentBegin = beginOffset;
        base.OnMimePartContentEnd(beginOffset, beginLineNumber, endOffset, lines, newLineFormat, cancellationToken);
    }

    protected override void OnMultipartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken)
    {
        _open.Pop().End = endOffset;
        base.OnMultipartEnd(contentType, beginOffset, beginLineNumber, headersEndOffset, endOffset, lines, cancellationToken);
    }

    protected override void OnMessagePartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken)
    {
        _open.Pop().End = endOffset;
        base.OnMessagePartEnd(contentType, beginOffset, beginLineNumber, headersEndOffset, endOffset, lines, cancellationToken);
    }

    protected override void OnMimePartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken)
    {
        _open.Pop().End = endOffset;
        base.OnMimePartEnd(contentType, beginOffset, beginLineNumber, headersEndOffset, endOffset, lines, cancellationToken);
    }

    protected override void OnMultipartBoundaryBegin(long beginOffset, int lineNumber, CancellationToken cancellationToken)
    {
        _open.Peek().Boundaries.Add(beginOffset);
        base.OnMultipartBoundaryBegin(beginOffset, lineNumber, cancellationToken);
    }

    protected override void OnMultipartEndBoundaryBegin(long beginOffset, int lineNumber, CancellationToken cancellationToken)
    {
        _open.Peek().EndBoundary = beginOffset;
        base.OnMultipartEndBoundaryBegin(beginOffset, lineNumber, cancellationToken);
    }

    private void Push()
    {
        EntityPlace place = _pending!;
        Places.Add(place);
        _open.Push(place);
    }
}
