namespace Milter.Protocol;

/// <summary>What the MTA sends: the byte after a frame's length (<c>SMFIC_*</c> in libmilter's <c>mfdef.h</c>).</summary>
#pragma warning disable CA1008 // The wire has no zero: 0 is not a command.
public enum MilterCommand : byte
#pragma warning restore CA1008
{
    /// <summary><c>SMFIC_OPTNEG</c>: the MTA's offer. Answered with <see cref="OptNeg"/>.</summary>
    OptNeg = (byte)'O',

    /// <summary><c>SMFIC_MACRO</c>: macros for the command that follows. Never answered.</summary>
    Macro = (byte)'D',

    /// <summary><c>SMFIC_CONNECT</c>: the SMTP client.</summary>
    Connect = (byte)'C',

    /// <summary><c>SMFIC_HELO</c>: HELO or EHLO.</summary>
    Helo = (byte)'H',

    /// <summary><c>SMFIC_MAIL</c>: the sender.</summary>
    Mail = (byte)'M',

    /// <summary><c>SMFIC_RCPT</c>: one recipient.</summary>
    Rcpt = (byte)'R',

    /// <summary><c>SMFIC_DATA</c>: the DATA command (version 4 and later).</summary>
    Data = (byte)'T',

    /// <summary><c>SMFIC_HEADER</c>: one header field.</summary>
    Header = (byte)'L',

    /// <summary><c>SMFIC_EOH</c>: the end of the headers.</summary>
    EndOfHeaders = (byte)'N',

    /// <summary><c>SMFIC_BODY</c>: a chunk of the body.</summary>
    Body = (byte)'B',

    /// <summary><c>SMFIC_BODYEOB</c>: the end of the message.</summary>
    EndOfMessage = (byte)'E',

    /// <summary><c>SMFIC_UNKNOWN</c>: an SMTP command that the MTA does not know (version 3 and later).</summary>
    Unknown = (byte)'U',

    /// <summary><c>SMFIC_ABORT</c>: the message ends here. Never answered.</summary>
    Abort = (byte)'A',

    /// <summary><c>SMFIC_QUIT</c>: the session ends, and the connection with it. Never answered.</summary>
    Quit = (byte)'Q',

    /// <summary><c>SMFIC_QUIT_NC</c>: the session ends, another follows on this connection (version 6). Never answered.</summary>
    QuitNewConnection = (byte)'K',
}
