using System.Collections;
using Milter.Mime.Reading;

namespace Milter.Mime;

/// <summary>The parts of a message as any reader may read them: structure, content, all names, what is in archives, and where readers would disagree.</summary>
/// <remarks>
/// The structure is that of MimeKit's parser; what other readers would take from the same bytes is added to the names of the part where it stands, and said as an
/// <see cref="Ambiguity"/>. No message makes it throw. Nothing of the content is kept: streams read from the message, what has to be unpacked goes to memory or a temporary
/// file within the bounds of <see cref="MailPartsOptions"/>. Not for two threads at once.
/// </remarks>
public sealed partial class MailParts : IReadOnlyList<MailPart>, IDisposable
{
    private readonly ReadBudget _budget;
    private readonly List<MailPart> _all = [];

    private MailParts(ReadBudget budget, MailPart root)
    {
        _budget = budget;
        Root = root;
        Collect(root);
    }

    /// <summary>Gets the message itself.</summary>
    public MailPart Root { get; }

    /// <summary>Gets a value indicating whether the body was larger than <c>MaxBodySize</c> and not kept: there are no parts then, and no edits (<see cref="EditOutcome.Unreadable"/>).</summary>
    public bool IsTooLarge { get; private init; }

    /// <summary>Gets or sets what becomes of a message without parts (<see cref="IsTooLarge"/>) that the handlers let pass. By default it is put off, since nobody has looked at it.</summary>
    public Verdict WhenTooLarge { get; set; } = Verdict.TempFail(451, "4.3.4", "The message is larger than this system looks at");

    /// <summary>Gets the reasons why readers may see something else in it.</summary>
    public IReadOnlyList<Ambiguity> Ambiguities => _budget.Ambiguities;

    /// <summary>Gets a value indicating whether readers may see something else in it.</summary>
    public bool IsAmbiguous => _budget.Ambiguities.Count > 0;

    /// <summary>Gets the number of parts, multiparts and messages counted.</summary>
    public int Count => _all.Count;

    /// <summary>Gets a part, in the order of the tree: a part comes before those in it.</summary>
    /// <param name="index">Its place, from 0.</param>
    public MailPart this[int index] => _all[index];

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message, header and body; seekable. It is read from its beginning, not closed, and needed as long as the parts are.</param>
    /// <param name="options">How far to go; the defaults if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="message"/> can't seek.</exception>
    /// <exception cref="IOException">The stream, or a temporary file, can't be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public static MailParts Read(Stream message, MailPartsOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!message.CanSeek)
        {
            throw new ArgumentException("The stream can't seek. Copy it to a MemoryStream or a file first.", nameof(message));
        }

        var budget = new ReadBudget(options ?? new MailPartsOptions());
        try
        {
            return new MailParts(budget, new SourceReader(budget, cancellationToken).Read(message, parent: null));
        }
        catch
        {
            budget.Dispose();
            throw;
        }
    }

    internal static MailParts TooLarge()
    {
        var budget = new ReadBudget(new MailPartsOptions());
        var root = new MailPart(null, new PartSource(Stream.Null, 0), new HeaderBlock(0), "text/plain") { IsTooLarge = true };
        budget.Say(AmbiguityKind.Limit, root, "its body is larger than MaxBodySize and was not looked at");
        var parts = new MailParts(budget, root) { IsTooLarge = true };
        parts._all.Clear();
        return parts;
    }

    /// <summary>Opens the message as it came, for a scanner, say.</summary>
    /// <returns>A seekable stream with a position of its own; empty where the message is too large.</returns>
    public Stream OpenMessage() => new Content.RangeStream(Root.Source.Stream, 0, Root.Source.Stream.Length);

    /// <summary>Finds a part.</summary>
    /// <param name="path">Its <see cref="MailPart.Path"/>.</param>
    /// <returns>The part, or <see langword="null"/>.</returns>
    public MailPart? Find(string path) => _all.Find(part => part.Path == path);

    /// <summary>Finds the parts that have, or hold, a name with one of these extensions.</summary>
    /// <param name="extensions">The extensions, with or without their dot.</param>
    /// <returns>The parts, in the order of the tree.</returns>
    public IEnumerable<MailPart> WithExtension(params string[] extensions) => _all.Where(part => part.HasExtension(extensions));

    /// <inheritdoc/>
    public IEnumerator<MailPart> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lets go of what was unpacked.</summary>
    public void Dispose() => _budget.Dispose();

    private void Collect(MailPart part)
    {
        _all.Add(part);
        foreach (MailPart child in part.Children)
        {
            Collect(child);
        }
    }
}
