using Milter;
using Milter.Mime;

[Milter]
internal sealed partial class Doubtful
{
    [OnEom]
    public static Verdict Check(MailParts parts)
    {
        // What readers take differently hides attachments; an encrypted archive is another matter.
        return parts.Ambiguities.Any(why => why.Kind is not (AmbiguityKind.EncryptedArchive or AmbiguityKind.Elsewhere))
            ? Verdict.Reject(550, "5.6.0", "The message is malformed")
            : Verdict.Continue;
    }
}
