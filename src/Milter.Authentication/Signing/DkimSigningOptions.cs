namespace Milter;

/// <summary>What is signed, and by which keys: the section <c>DkimSigning</c> of the configuration.</summary>
public sealed class DkimSigningOptions
{
    internal const string Section = "DkimSigning";

    /// <summary>Gets or sets the keys. A domain may have several, such as one of RSA and one of Ed25519: each makes a signature.</summary>
    public IList<DkimSigningKey> Keys { get; set; } = [];

    /// <summary>Gets or sets clients whose mail is signed though they have not logged in and are not local.</summary>
    /// <value>Empty by default.</value>
    public IpNetworkSet Networks { get; set; } = [];

    /// <summary>Gets or sets what becomes of mail that is to be signed and can't be.</summary>
    /// <value><see cref="DkimSigningFailure.TempFail"/> by default.</value>
    public DkimSigningFailure OnFailure { get; set; }

    /// <summary>Gets or sets for how long a signature holds (<c>x=</c>).</summary>
    /// <value>Zero by default: it does not say.</value>
    public TimeSpan Lifetime { get; set; }
}

/// <summary>A key to sign with.</summary>
public sealed class DkimSigningKey
{
    /// <summary>Gets or sets the domain that signs (<c>d=</c>).</summary>
    public string Domain { get; set; } = "";

    /// <summary>Gets or sets the name of the key below the domain (<c>s=</c>).</summary>
    public string Selector { get; set; } = "";

    /// <summary>Gets or sets the file with the private key, PEM: RSA or Ed25519. It is read again when it has changed.</summary>
    public string File { get; set; } = "";

    /// <summary>Gets or sets whether the key signs for domains below, too, that have none of their own.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Subdomains { get; set; }
}

/// <summary>What becomes of mail that is to be signed and can't be: no key, an unreadable one, a plan of edits that can't be foreseen.</summary>
public enum DkimSigningFailure
{
    /// <summary>It is refused for now.</summary>
    TempFail,

    /// <summary>It passes unsigned.</summary>
#pragma warning disable CA1720 // Said of mail, it is no number.
    Unsigned,
#pragma warning restore CA1720
}
