namespace Milter;

/// <summary>What a client says of the bytes of its message: the argument <c>BODY</c> of MAIL (RFC 6152, RFC 3030).</summary>
public enum EsmtpBody
{
    /// <summary><c>7BIT</c>, or nothing: ASCII.</summary>
    SevenBit,

    /// <summary><c>8BITMIME</c>: lines of any bytes.</summary>
    EightBitMime,

    /// <summary><c>BINARYMIME</c>: any bytes.</summary>
    BinaryMime,
}

/// <summary>How much of the message a client wants back with a notification: the argument <c>RET</c> of MAIL (RFC 3461 section 4.3).</summary>
public enum DsnReturn
{
    /// <summary><c>FULL</c>: all of it.</summary>
    Full,

    /// <summary><c>HDRS</c>: the header.</summary>
    Headers,
}

/// <summary>When a client wants to be notified: the argument <c>NOTIFY</c> of RCPT (RFC 3461 section 4.1).</summary>
[Flags]
public enum DsnNotify
{
    /// <summary><c>NEVER</c>.</summary>
    Never = 0,

    /// <summary><c>SUCCESS</c>: when the message is delivered.</summary>
    Success = 1,

    /// <summary><c>FAILURE</c>: when it can't be.</summary>
    Failure = 2,

    /// <summary><c>DELAY</c>: when it takes its time.</summary>
    Delay = 4,
}

/// <summary>Whom the message was for when it was first sent: the argument <c>ORCPT</c> of RCPT (RFC 3461 section 4.2).</summary>
/// <param name="Type">What kind of address it is: <c>rfc822</c>, <c>utf-8</c>, as it was sent.</param>
/// <param name="Address">The address, decoded.</param>
public readonly record struct OriginalRecipient(string Type, string Address);
