namespace Milter.Mta.Tests;

/// <summary>The mail servers that the tests run.</summary>
public enum MtaKind
{
    /// <summary>Postfix, as the distribution installs it.</summary>
    Postfix,

    /// <summary>Sendmail, unpacked in the folder that <c>ATTRMILTER_SENDMAIL_ROOT</c> names.</summary>
    Sendmail,
}
