namespace Milter.Generators.Model;

/// <summary>The stages of a milter: the runtime's <c>MilterStages</c>, and names for groups of them.</summary>
[Flags]
internal enum Stages
{
    None = 0,
    Connect = 1 << 0,
    Helo = 1 << 1,
    Mail = 1 << 2,
    Rcpt = 1 << 3,
    RejectedRcpt = 1 << 4,
    Data = 1 << 5,
    Header = 1 << 6,
    Eoh = 1 << 7,
    Body = 1 << 8,
    Eom = 1 << 9,
    Unknown = 1 << 10,
    Abort = 1 << 11,
    MessageEnd = 1 << 12,
    Close = 1 << 13,

    /// <summary>Where parameters live for the message; at the others they live for the session.</summary>
    InMessage = Mail | Rcpt | RejectedRcpt | Data | Header | Eoh | Body | Eom | Abort | MessageEnd,

    Recipients = Rcpt | RejectedRcpt,

    /// <summary>The steps of a message that come after its beginning and before its end.</summary>
    BetweenMailAndEom = Recipients | Data | Header | Eoh | Body,

    All = InMessage | Connect | Helo | Unknown | Close,
}
