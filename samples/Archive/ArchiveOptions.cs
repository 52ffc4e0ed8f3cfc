namespace Samples.Archive;

/// <summary>What a postmaster sets: the section <c>Archive</c>.</summary>
internal sealed class ArchiveOptions
{
    public const string Section = "Archive";

    /// <summary>The maildir, which is made where it is not there; its parent folder has to be.</summary>
    public string Maildir { get; set; } = "";

    /// <summary>Whose mail is copied to whom besides: an address or a domain, of sender or recipient, and the address that gets a blind copy.</summary>
    public IDictionary<string, string> BlindCopies { get; set; } = new Dictionary<string, string>();
}
