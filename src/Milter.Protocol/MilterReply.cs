namespace Milter.Protocol;

/// <summary>What the filter sends: the byte after a frame's length (<c>SMFIR_*</c> in libmilter's <c>mfdef.h</c>).</summary>
/// <remarks><c>SMFIR_SHUTDOWN</c> (<c>4</c>) and <c>SMFIR_CONN_FAIL</c> (<c>f</c>) are left out on purpose: Postfix 3.7 loses mail on the one, nobody handles the other.</remarks>
#pragma warning disable CA1008 // The wire has no zero: 0 is not a reply.
public enum MilterReply : byte
#pragma warning restore CA1008
{
    /// <summary>The answer to <see cref="MilterCommand.OptNeg"/>; the same byte as the command.</summary>
    OptNeg = (byte)'O',

    /// <summary><c>SMFIR_CONTINUE</c>: go on.</summary>
    Continue = (byte)'c',

    /// <summary><c>SMFIR_ACCEPT</c>: let it pass, ask no more.</summary>
    Accept = (byte)'a',

    /// <summary><c>SMFIR_DISCARD</c>: pretend success, drop the message.</summary>
    Discard = (byte)'d',

    /// <summary><c>SMFIR_REJECT</c>: 5xx in the MTA's words.</summary>
    Reject = (byte)'r',

    /// <summary><c>SMFIR_TEMPFAIL</c>: 4xx in the MTA's words.</summary>
    TempFail = (byte)'t',

    /// <summary><c>SMFIR_REPLYCODE</c>: 4xx or 5xx in the filter's words.</summary>
    ReplyCode = (byte)'y',

    /// <summary><c>SMFIR_SKIP</c>: no more body chunks of this message.</summary>
    Skip = (byte)'s',

    /// <summary><c>SMFIR_PROGRESS</c>: still working; not a verdict. At end of message only.</summary>
    Progress = (byte)'p',

    /// <summary><c>SMFIR_ADDRCPT</c>: add a recipient.</summary>
    AddRecipient = (byte)'+',

    /// <summary><c>SMFIR_ADDRCPT_PAR</c>: add a recipient with ESMTP arguments.</summary>
    AddRecipientWithArguments = (byte)'2',

    /// <summary><c>SMFIR_DELRCPT</c>: remove a recipient.</summary>
    DeleteRecipient = (byte)'-',

    /// <summary><c>SMFIR_CHGFROM</c>: change the envelope sender.</summary>
    ChangeSender = (byte)'e',

    /// <summary><c>SMFIR_ADDHEADER</c>: add a header field.</summary>
    AddHeader = (byte)'h',

    /// <summary><c>SMFIR_INSHEADER</c>: insert a header field at an index.</summary>
    InsertHeader = (byte)'i',

    /// <summary><c>SMFIR_CHGHEADER</c>: change or delete a header field.</summary>
    ChangeHeader = (byte)'m',

    /// <summary><c>SMFIR_REPLBODY</c>: a chunk of the new body.</summary>
    ReplaceBody = (byte)'b',

    /// <summary><c>SMFIR_QUARANTINE</c>: hold the message.</summary>
    Quarantine = (byte)'q',
}
