namespace Milter.Mime;

/// <summary>What became of an edit. Edits never throw because of what a sender wrote.</summary>
public enum EditOutcome
{
    /// <summary>The edit is made.</summary>
    Done,

    /// <summary>There was nothing to do: no such content, or it is there already.</summary>
    Unchanged,

    /// <summary>Not made: the part is signed (<c>multipart/signed</c>, PKCS #7, OpenPGP in a text) and the signature would break. Whoever wants that says so in the call.</summary>
#pragma warning disable CA1720 // The field's own word for it; the rule thinks of signed numbers.
    Signed,
#pragma warning restore CA1720

    /// <summary>Not made: the part is encrypted (<c>multipart/encrypted</c>, PKCS #7, OpenPGP in a text), or in what is.</summary>
    Encrypted,

    /// <summary>Not made: the part is within something encoded (a message in base64, a winmail.dat) and has no bytes of its own in the message.</summary>
    Enclosed,

    /// <summary>Not made: the part, or one around it, was replaced or removed before.</summary>
    Gone,

    /// <summary>Not made: the text is in a charset that is not known, or larger than is edited (16 MiB); HTML that is more nested than is read; a message that was not kept (<see cref="MailParts.IsTooLarge"/>).</summary>
    Unreadable,
}
