namespace Milter.Protocol;

/// <summary>The sizes and versions that both ends of the wire agree on.</summary>
public static class MilterLimits
{
    /// <summary>The most payload bytes a frame carries unless more was negotiated: 65,535 (<c>MILTER_MAX_DATA_SIZE</c>, <c>MILTER_CHUNK_SIZE</c>). The code byte is not counted.</summary>
    public const int MaxPayload = 65_535;

    /// <summary>The most payload bytes after <see cref="ProtocolSteps.MaxData256K"/> was agreed: 262,143 (<c>MILTER_MDS_256K</c>).</summary>
    public const int MaxPayload256K = 262_143;

    /// <summary>The most payload bytes after <see cref="ProtocolSteps.MaxData1M"/> was agreed: 1,048,575 (<c>MILTER_MDS_1M</c>).</summary>
    public const int MaxPayload1M = 1_048_575;

    /// <summary>The bytes before a payload: a 4-byte length, big endian, and the code byte.</summary>
    public const int FrameHeader = 5;

    /// <summary>The newest protocol version, of Sendmail 8.14 and Postfix 2.6 on (<c>SMFI_PROT_VERSION</c>).</summary>
    public const int Version = 6;

    /// <summary>The oldest protocol version that is spoken (<c>SMFI_PROT_VERSION_MIN</c>); libmilter and Sendmail refuse 1.</summary>
    public const int MinVersion = 2;

    /// <summary>The most lines of a reply text (<c>MAXREPLIES</c> of <c>smfi_setmlreply</c>).</summary>
    public const int MaxReplyLines = 32;

    /// <summary>The most bytes of one line of a reply text, without the codes before it (<c>MAXREPLYLEN</c> of <c>smfi_setreply</c>).</summary>
    public const int MaxReplyLineBytes = 980;

    /// <summary>
    /// The most bytes of a whole reply, codes and line ends included: 16,000. Sendmail gives its client 16,384 and no more, with the recipient's address among them at RCPT, and the
    /// client of a longer reply waits for its last line.
    /// </summary>
    public const int MaxReplyBytes = 16_000;
}
