namespace Milter.Mime;

/// <summary>Why readers may see something else in a message than this one does.</summary>
public enum AmbiguityKind
{
    /// <summary>Readers take different file names from the part's fields.</summary>
    Names,

    /// <summary>A field that says what the part is comes twice, or can't be read, or readers take different things from it.</summary>
    Fields,

    /// <summary>The header has lines that are no fields, or no end.</summary>
    Header,

    /// <summary>Lines end in more than one way where that makes a difference, or there is a NUL.</summary>
    LineEnds,

    /// <summary>A boundary is missing, doubled, the beginning of another, or stands where this reader does not take it for one.</summary>
    Boundaries,

    /// <summary>A multipart has no part.</summary>
    NoParts,

    /// <summary>The end of a multipart, of encoded content or of an archive is missing.</summary>
    MissingEnd,

    /// <summary>The content is encoded in a way that readers undo differently.</summary>
    Encoding,

    /// <summary>The part is a piece of a message that is put together elsewhere, or stands somewhere else altogether.</summary>
    Elsewhere,

    /// <summary>An archive is encrypted.</summary>
    EncryptedArchive,

    /// <summary>An archive is broken, or its readers see different names.</summary>
    Archive,

    /// <summary>A limit of <see cref="MailPartsOptions"/> was met; what is beyond it was not looked at.</summary>
    Limit,
}
