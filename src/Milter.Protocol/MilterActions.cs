#if MILTER_GENERATOR
namespace Milter.Generators.Model; // The generator compiles this file too: it references nothing of ours.
#else
namespace Milter.Protocol;
#endif

/// <summary>What a filter may do to a message at its end (<c>SMFIF_*</c> in libmilter's <c>mfdef.h</c>).</summary>
[Flags]
public enum MilterActions : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>SMFIF_ADDHDRS</c>: add and insert header fields.</summary>
    AddHeaders = 0x01,

    /// <summary><c>SMFIF_CHGBODY</c>: replace the body.</summary>
    ChangeBody = 0x02,

    /// <summary><c>SMFIF_ADDRCPT</c>: add recipients.</summary>
    AddRecipients = 0x04,

    /// <summary><c>SMFIF_DELRCPT</c>: remove recipients.</summary>
    DeleteRecipients = 0x08,

    /// <summary><c>SMFIF_CHGHDRS</c>: change and delete header fields.</summary>
    ChangeHeaders = 0x10,

    /// <summary><c>SMFIF_QUARANTINE</c>: hold the message.</summary>
    Quarantine = 0x20,

    /// <summary><c>SMFIF_CHGFROM</c>: change the envelope sender.</summary>
    ChangeSender = 0x40,

    /// <summary><c>SMFIF_ADDRCPT_PAR</c>: add recipients with ESMTP arguments.</summary>
    AddRecipientsWithArguments = 0x80,

    /// <summary><c>SMFIF_SETSYMLIST</c>: name the macros wanted at each stage.</summary>
    SetSymbolList = 0x100,

    /// <summary>Every action of version 6 (<c>SMFI_CURR_ACTS</c>).</summary>
    All = 0x1FF,
}
