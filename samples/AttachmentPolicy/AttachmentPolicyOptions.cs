namespace Samples.AttachmentPolicy;

/// <summary>What becomes of a message.</summary>
internal enum PolicyAnswer
{
    /// <summary>It passes, with a field that says what was found.</summary>
    Pass,

    /// <summary>What was found is replaced by a notice.</summary>
    Replace,

    /// <summary>It is held in the MTA's quarantine, as far as the MTA has one.</summary>
    Hold,

    /// <summary>It is refused.</summary>
    Refuse,
}

/// <summary>What a postmaster sets: the section <c>AttachmentPolicy</c>.</summary>
internal sealed class AttachmentPolicyOptions
{
    public const string Section = "AttachmentPolicy";

    /// <summary>Extensions of names that are not taken, in archives and forwarded messages, too.</summary>
    public IList<string> Extensions { get; set; } = [];

    /// <summary>Media types that are not taken.</summary>
    public IList<string> MediaTypes { get; set; } = [];

    /// <summary>Contents that are not taken, by their SHA-256.</summary>
    public IList<string> Digests { get; set; } = [];

    /// <summary>What becomes of a message with such a part.</summary>
    public PolicyAnswer OnMatch { get; set; } = PolicyAnswer.Replace;

    /// <summary>What becomes of it where the part is signed or encrypted, so that it can't be replaced.</summary>
    public PolicyAnswer OnProtected { get; set; } = PolicyAnswer.Refuse;

    /// <summary>What becomes of a message that readers take differently.</summary>
    public PolicyAnswer OnAmbiguous { get; set; } = PolicyAnswer.Pass;

    /// <summary>What becomes of a message with an encrypted archive.</summary>
    public PolicyAnswer OnEncryptedArchive { get; set; } = PolicyAnswer.Pass;

    /// <summary>What stands in the part's place; <c>{name}</c> is its name.</summary>
    public string Notice { get; set; } = "The attachment {name} was removed by the mail system.";

    /// <summary>Where removed parts are kept, by queue id, mode 0600; empty for nowhere.</summary>
    public string Keep { get; set; } = "";

    /// <summary>How many bytes are kept at most; beyond that the oldest go.</summary>
    public long KeepBytes { get; set; } = 1L << 30;

    /// <summary>How long they are kept.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether everything passes as it came, and what would be done is only logged.</summary>
    public bool DryRun { get; set; }
}
