using System.Security.Cryptography;
using MimeKit;
using Milter.Mime.Content;
using Milter.Mime.Reading;

namespace Milter.Mime;

/// <summary>A part of a message: a multipart, a message, or content.</summary>
/// <remarks>Valid until its <see cref="MailParts"/> is disposed of. What it tells was written by the sender.</remarks>
public sealed partial class MailPart
{
    private readonly List<MailPart> _children = [];
    private string? _digest;
    private long _size = -1;

    internal MailPart(MailPart? parent, PartSource source, HeaderBlock header, string mediaType)
    {
        Parent = parent;
        Source = source;
        Header = header;
        MediaType = mediaType;
        Begin = header.Begin;
        ContentBegin = header.End;
        ContentEnd = End = source.Stream.Length;
        if (parent is not null)
        {
            parent._children.Add(this);
            Path = $"{parent.Path}.{parent._children.Count}";
        }
    }

    /// <summary>Gets the place in the tree: <c>1</c> is the message itself, <c>1.2</c> the second part in it.</summary>
    public string Path { get; } = "1";

    /// <summary>Gets the part that this one stands in, or <see langword="null"/> for the message.</summary>
    public MailPart? Parent { get; }

    /// <summary>Gets what stands in this part, in order.</summary>
    public IReadOnlyList<MailPart> Children => _children;

    /// <summary>Gets the media type in lower case, such as <c>text/plain</c>, which is also what a part without a type is (RFC 2045, 5.2).</summary>
    public string MediaType { get; }

    /// <summary>Gets the first word of Content-Disposition in lower case (RFC 2183), or <see langword="null"/>.</summary>
    public string? Disposition { get; internal set; }

    /// <summary>Gets the charset that a text names, or <see langword="null"/>.</summary>
    public string? Charset { get; internal set; }

    /// <summary>Gets all names that some mail program may see, the likeliest first. They are not cleaned: don't make paths of them.</summary>
    public IReadOnlyList<string> Names { get; internal set; } = [];

    /// <summary>Gets what is in it, where it is an archive (zip, rar, 7z, tar, gz); archives in it are looked into as well.</summary>
    public IReadOnlyList<ArchiveEntry> Entries { get; internal set; } = [];

    /// <summary>Gets a value indicating whether it is an archive that could be read.</summary>
    public bool IsArchive { get; internal set; }

    /// <summary>Gets a value indicating whether it is S/MIME that is encrypted: nobody without the key sees what is in it.</summary>
    public bool IsEncrypted { get; internal set; }

    /// <summary>Gets where the part stands.</summary>
    public PartOrigin Origin { get; internal init; }

    /// <summary>Gets a value indicating whether it is a multipart.</summary>
    public bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.Ordinal);

    /// <summary>Gets a value indicating whether it is a message, forwarded or returned.</summary>
    public bool IsMessage => MediaTypes.IsMessage(MediaType);

    /// <summary>Gets a value indicating whether it is a text.</summary>
    public bool IsText => MediaType.StartsWith("text/", StringComparison.Ordinal);

    /// <summary>Gets a value indicating whether it is content: neither a multipart nor a message.</summary>
    public bool IsLeaf => !IsMultipart && !IsMessage;

    /// <summary>Gets the size of the decoded content, in bytes. Of a multipart: of all that is between its header and its end, as it came.</summary>
    public long Size
    {
        get
        {
            if (_size < 0)
            {
                using Stream content = OpenContent();
                byte[] buffer = new byte[16 * 1024];
                long size = 0;
                while (content.Read(buffer) is > 0 and var count)
                {
                    size += count;
                }

                _size = size;
            }

            return _size;
        }
        internal set => _size = value;
    }

    /// <summary>Gets the SHA-256 of the decoded content, in lower case hexadecimal. It is made when it is first asked for.</summary>
    public string Sha256
    {
        get
        {
            if (_digest is null)
            {
                using Stream content = OpenContent();
                #if NET9_0_OR_GREATER
                _digest = Convert.ToHexStringLower(SHA256.HashData(content));
#else
                _digest = Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
#endif
            }

            return _digest;
        }
    }

    internal PartSource Source { get; }

    internal HeaderBlock Header { get; }

    internal long Begin { get; }

    internal long ContentBegin { get; set; }

    internal long ContentEnd { get; set; }

    internal long End { get; set; }

    internal string? Boundary { get; set; }

    /// <summary>Gets or sets all that readers may take for the boundary.</summary>
    internal IReadOnlyList<string> Boundaries { get; set; } = [];

    /// <summary>Gets or sets how the content begins, where it was read already.</summary>
    internal byte[]? Prefix { get; set; }

    /// <summary>Gets or sets a value indicating whether the content as it came is base64 and nothing else: there is no dash in it.</summary>
    internal bool IsAllBase64 { get; set; }

    internal bool HasEnd { get; set; }

    /// <summary>Gets a value indicating whether it stands for a message that was not kept, so that nothing can be edited.</summary>
    internal bool IsTooLarge { get; init; }

    /// <summary>Gets the places of a multipart's boundary lines, its end last: a part begins behind each of the others.</summary>
    internal List<long> Delimiters { get; } = [];

    internal TransferEncoding Encoding { get; set; }

    internal Func<Stream>? Opener { get; init; }

    internal Edits.PartEdit? Edit { get; set; }

    /// <summary>Gets a value indicating whether it has no empty line of its own behind its header, so that content needs one.</summary>
    internal bool IsBare => !Header.HasSeparator || ContentBegin > End;

    /// <summary>Opens the decoded content.</summary>
    /// <returns>A stream that is read once, from beginning to end; not from two threads at once, nor are two of one message.</returns>
    public Stream OpenContent() => Opener is null ? TransferEncodings.Open(new RangeStream(Source.Stream, ContentBegin, ContentEnd), Encoding) : Opener();

    /// <summary>Makes a name fit for a notice, a header field or a log: one line, of 150 characters at most, without characters that control anything.</summary>
    /// <param name="name">A name that a sender wrote.</param>
    /// <returns>The name, with <c>_</c> for what is not fit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    public static string Printable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return FileNames.Printable(name);
    }

    /// <summary>Says whether one of the names, or of the names in the archive, ends in one of these extensions.</summary>
    /// <param name="extensions">The extensions, with or without their dot; letter case does not matter.</param>
    /// <returns>Whether there is one. Blanks and dots at a name's end are passed over, as Windows does.</returns>
    public bool HasExtension(params ReadOnlySpan<string> extensions) => FindExtension(extensions) is not null;

    /// <summary>Finds the first name, of the part or in the archive, that ends in one of these extensions.</summary>
    /// <param name="extensions">The extensions, with or without their dot; letter case does not matter.</param>
    /// <returns>The name, or <see langword="null"/>.</returns>
    public string? FindExtension(params ReadOnlySpan<string> extensions)
    {
        foreach (string name in Names)
        {
            // Some programs take a slash at the end for nothing; in an archive it is a folder.
            if (FileNames.HasExtension(name.AsSpan().TrimEnd(@"/\"), extensions))
            {
                return name;
            }
        }

        foreach (ArchiveEntry entry in Entries)
        {
            if (FileNames.HasExtension(entry.Name, extensions))
            {
                return entry.Name;
            }
        }

        return null;
    }
}
