namespace Milter.Client;

/// <summary>How a message came to the MTA.</summary>
public enum MailOrigin
{
    /// <summary>By SMTP.</summary>
    Smtp,

    /// <summary>By a program on the same machine. Postfix (<c>non_smtpd_milters</c>) then sends addresses without brackets, and no ABORT at the end.</summary>
    Local,
}
