#if MILTER_GENERATOR
namespace Milter.Generators.Model; // The generator compiles this file too: it references nothing of ours.
#else
namespace Milter.Protocol;
#endif

/// <summary>Which steps the MTA need not send, which replies it need not wait for, and what else is agreed (<c>SMFIP_*</c> in libmilter's <c>mfdef.h</c>).</summary>
[Flags]
public enum ProtocolSteps : uint
{
    /// <summary>Every step is sent and answered.</summary>
    None = 0,

    /// <summary><c>SMFIP_NOCONNECT</c>: do not send CONNECT.</summary>
    NoConnect = 0x0000_0001,

    /// <summary><c>SMFIP_NOHELO</c>: do not send HELO.</summary>
    NoHelo = 0x0000_0002,

    /// <summary><c>SMFIP_NOMAIL</c>: do not send MAIL.</summary>
    NoMail = 0x0000_0004,

    /// <summary><c>SMFIP_NORCPT</c>: do not send RCPT.</summary>
    NoRcpt = 0x0000_0008,

    /// <summary><c>SMFIP_NOBODY</c>: do not send BODY.</summary>
    NoBody = 0x0000_0010,

    /// <summary><c>SMFIP_NOHDRS</c>: do not send HEADER.</summary>
    NoHeaders = 0x0000_0020,

    /// <summary><c>SMFIP_NOEOH</c>: do not send EOH.</summary>
    NoEndOfHeaders = 0x0000_0040,

    /// <summary><c>SMFIP_NR_HDR</c>: HEADER is not answered.</summary>
    NoReplyHeader = 0x0000_0080,

    /// <summary><c>SMFIP_NOUNKNOWN</c>: do not send UNKNOWN.</summary>
    NoUnknown = 0x0000_0100,

    /// <summary><c>SMFIP_NODATA</c>: do not send DATA.</summary>
    NoData = 0x0000_0200,

    /// <summary><c>SMFIP_SKIP</c>: the filter may answer SKIP at BODY.</summary>
    Skip = 0x0000_0400,

    /// <summary><c>SMFIP_RCPT_REJ</c>: recipients that the MTA refused itself are sent too.</summary>
    RejectedRecipients = 0x0000_0800,

    /// <summary><c>SMFIP_NR_CONN</c>: CONNECT is not answered.</summary>
    NoReplyConnect = 0x0000_1000,

    /// <summary><c>SMFIP_NR_HELO</c>: HELO is not answered.</summary>
    NoReplyHelo = 0x0000_2000,

    /// <summary><c>SMFIP_NR_MAIL</c>: MAIL is not answered.</summary>
    NoReplyMail = 0x0000_4000,

    /// <summary><c>SMFIP_NR_RCPT</c>: RCPT is not answered.</summary>
    NoReplyRcpt = 0x0000_8000,

    /// <summary><c>SMFIP_NR_DATA</c>: DATA is not answered.</summary>
    NoReplyData = 0x0001_0000,

    /// <summary><c>SMFIP_NR_UNKN</c>: UNKNOWN is not answered.</summary>
    NoReplyUnknown = 0x0002_0000,

    /// <summary><c>SMFIP_NR_EOH</c>: EOH is not answered.</summary>
    NoReplyEndOfHeaders = 0x0004_0000,

    /// <summary><c>SMFIP_NR_BODY</c>: BODY is not answered.</summary>
    NoReplyBody = 0x0008_0000,

    /// <summary><c>SMFIP_HDR_LEADSPC</c>: header values keep the space after the colon, both ways.</summary>
    HeaderLeadingSpace = 0x0010_0000,

    /// <summary><c>SMFIP_MDS_256K</c>: payloads up to 262,143 bytes. No stock MTA offers it.</summary>
    MaxData256K = 0x1000_0000,

    /// <summary><c>SMFIP_MDS_1M</c>: payloads up to 1,048,575 bytes. No stock MTA offers it.</summary>
    MaxData1M = 0x2000_0000,
}
