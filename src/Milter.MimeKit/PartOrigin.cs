namespace Milter.Mime;

/// <summary>Where a part stands in its message.</summary>
public enum PartOrigin
{
    /// <summary>In the structure of the message, byte for byte.</summary>
    Mime,

    /// <summary>In a message that is itself encoded (base64, quoted-printable).</summary>
    Encoded,

    /// <summary>Between <c>begin</c> and <c>end</c> in a text.</summary>
    Uuencode,

    /// <summary>In a <c>winmail.dat</c> (TNEF).</summary>
    Tnef,

    /// <summary>In an S/MIME message that is signed, not encrypted (<c>application/pkcs7-mime</c>).</summary>
    SignedData,
}
