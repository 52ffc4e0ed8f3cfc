using MimeKit;
using Milter.Mime.Names;

namespace Milter.Mime.Reading;

/// <summary>Ends the reading where a limit is met.</summary>
internal sealed class LimitException(string reason) : Exception(reason);

/// <summary>Makes parts of what MimeKit's parser reports, with the place of each in the bytes.</summary>
/// <remarks>It is the parser's own base, so that structure and places are the same as in the tree that it makes, without the tree.</remarks>
internal sealed class PartReader : MimeReader
{
    private readonly PartSource _source;
    private readonly ReadBudget _budget;
    private readonly Stack<MailPart> _open = new();
    private readonly MailPart? _parent;
    private HeaderBlock _header = new(0);

    public PartReader(PartSource source, MailPart? parent, ReadBudget budget)
        : base(OptionsFor(budget, source.Depth), source.Stream, MimeFormat.Entity)
    {
        _source = source;
        _parent = parent;
        _budget = budget;
    }

    /// <summary>Gets the parts in the order in which they begin.</summary>
    public List<MailPart> Parts { get; } = [];

    /// <summary>Gets the header that was read last.</summary>
    public HeaderBlock LastHeader => _header;

    /// <summary>Takes all that is there for one part, where the parser sees no header.</summary>
    public void AddWhole(HeaderBlock header)
    {
        ContentType? type = null;
        if (header.Named("Content-Type").FirstOrDefault() is { Value: { } value })
        {
            ContentType.TryParse(FieldText.Loose, value, out type);
        }

        Push(type ?? new ContentType("text", "plain"));
    }

    private static ParserOptions OptionsFor(ReadBudget budget, int depth)
    {
        ParserOptions options = FieldText.Loose.Clone();
        options.MaxMimeDepth = Math.Max(1, budget.Options.MaxDepth - depth);
        return options;
    }

    protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => _header = new HeaderBlock(beginOffset);

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        _header.Add(header);
        if (_source.UsesCrLf is null && (_header.EndsInCrLf || _header.EndsInLf))
        {
            _source.UsesCrLf = _header.EndsInCrLf;
        }
    }

    protected override void OnBodySeparator(long beginOffset, int lineNumber, long endOffset, CancellationToken cancellationToken)
    {
        _header.HasSeparator = true;
        _header.FieldsEnd = beginOffset;
    }

    protected override void OnHeadersEnd(long beginOffset, int beginLineNumber, long endOffset, int endLineNumber, CancellationToken cancellationToken)
    {
        _header.End = endOffset;
        _header.FieldsEnd = _header.HasSeparator ? _header.FieldsEnd : endOffset;
    }

    protected override void OnMultipartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Push(contentType).Boundary = contentType.Boundary;

    protected override void OnMultipartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        Pop(headersEndOffset, endOffset);

    protected override void OnMessagePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => Push(contentType);

    protected override void OnMessagePartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        Pop(headersEndOffset, endOffset);

    protected override void OnMimePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) => Push(contentType);

    protected override void OnMimePartContentEnd(long beginOffset, int beginLineNumber, long endOffset, int lines, NewLineFormat? newLineFormat, CancellationToken cancellationToken)
    {
        MailPart part = _open.Peek();
        part.ContentBegin = beginOffset;
        part.ContentEnd = endOffset;
    }

    protected override void OnMimePartEnd(ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken)
    {
        MailPart part = _open.Pop();
        part.End = endOffset;
    }

    protected override void OnMultipartBoundaryBegin(long beginOffset, int lineNumber, CancellationToken cancellationToken)
    {
        _source.Boundaries.Add(beginOffset);
        _open.Peek().Delimiters.Add(beginOffset);
    }

    protected override void OnMultipartEndBoundaryBegin(long beginOffset, int lineNumber, CancellationToken cancellationToken)
    {
        _source.Boundaries.Add(beginOffset);
        _open.Peek().Delimiters.Add(beginOffset);
        _open.Peek().HasEnd = true;
    }

    private MailPart Push(ContentType type)
    {
        _budget.TakePart();
        MailPart? parent = _open.Count > 0 ? _open.Peek() : _parent;
        var part = new MailPart(parent, _source, _header, type.MimeType.ToLowerInvariant()) { Charset = type.Charset, Origin = _parent is null ? PartOrigin.Mime : PartOrigin.Encoded };
        Parts.Add(part);
        _open.Push(part);
        return part;
    }

    private void Pop(long headersEnd, long end)
    {
        MailPart part = _open.Pop();
        part.ContentBegin = headersEnd;
        part.ContentEnd = part.End = end;
    }
}
