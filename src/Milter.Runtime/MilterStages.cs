#if MILTER_GENERATOR
namespace Milter.Generators.Model; // The generator compiles this file too: it references nothing of ours.
#else
namespace Milter;
#endif

/// <summary>The stages that a filter can handle, in the order in which they happen.</summary>
[Flags]
public enum MilterStages
{
    /// <summary>No stage.</summary>
    None = 0,

    /// <summary>CONNECT.</summary>
    Connect = 1 << 0,

    /// <summary>HELO.</summary>
    Helo = 1 << 1,

    /// <summary>MAIL.</summary>
    Mail = 1 << 2,

    /// <summary>RCPT.</summary>
    Rcpt = 1 << 3,

    /// <summary>RCPT of a recipient that the MTA refused itself.</summary>
    RejectedRcpt = 1 << 4,

    /// <summary>DATA.</summary>
    Data = 1 << 5,

    /// <summary>HEADER.</summary>
    Header = 1 << 6,

    /// <summary>EOH, the end of the headers.</summary>
    Eoh = 1 << 7,

    /// <summary>BODY.</summary>
    Body = 1 << 8,

    /// <summary>EOM, the end of the message.</summary>
    Eom = 1 << 9,

    /// <summary>UNKNOWN.</summary>
    Unknown = 1 << 10,

    /// <summary>ABORT.</summary>
    Abort = 1 << 11,

    /// <summary>The end of a message with its outcome.</summary>
    MessageEnd = 1 << 12,

    /// <summary>The end of the session.</summary>
    Close = 1 << 13,
}
