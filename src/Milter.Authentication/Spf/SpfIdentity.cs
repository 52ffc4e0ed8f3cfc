namespace Milter;

/// <summary>Which name SPF has judged (RFC 7208 sections 2.3 and 2.4).</summary>
public enum SpfIdentity
{
    /// <summary>The domain of the envelope's sender; of the null sender <c>postmaster</c> at the name of HELO.</summary>
    MailFrom,

    /// <summary>The name that the client gave itself at HELO.</summary>
    Helo,
}
