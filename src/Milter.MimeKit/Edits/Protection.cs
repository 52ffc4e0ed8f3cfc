using System.Text;

namespace Milter.Mime.Edits;

/// <summary>Knows what would break if a part were changed.</summary>
internal static class Protection
{
    private const int LookedThrough = 64 * 1024;

    /// <summary>Says why a part is not changed, or <see cref="EditOutcome.Done"/> where nothing stands against it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="isInside">Whether its content is changed, rather than all of it replaced.</param>
    /// <param name="breakSignature">Whether a signature may break.</param>
    public static EditOutcome Of(MailPart part, bool isInside, bool breakSignature)
    {
        if (part.IsTooLarge)
        {
            return EditOutcome.Unreadable;
        }

        for (MailPart? one = part; one is not null; one = one.Parent)
        {
            if (one.Edit is { IsReplaced: true } edit && (one != part || edit.IsRemoved || edit.Entity is not null))
            {
                return EditOutcome.Gone;
            }

            EditOutcome kind = one != part || isInside ? KindOf(one, one == part) : EditOutcome.Done;
            if (kind == EditOutcome.Encrypted || (kind == EditOutcome.Signed && !breakSignature))
            {
                return kind;
            }
        }

        return part.Origin == PartOrigin.Mime ? EditOutcome.Done : EditOutcome.Enclosed;
    }

    private static EditOutcome KindOf(MailPart part, bool isSelf) => part.MediaType switch
    {
        "multipart/encrypted" => EditOutcome.Encrypted,
        "multipart/signed" => EditOutcome.Signed,
        _ when Reading.MediaTypes.IsPkcs7(part.MediaType) => part.IsEncrypted ? EditOutcome.Encrypted : EditOutcome.Signed,
        _ when isSelf && part.IsText => InText(part),
        _ => EditOutcome.Done,
    };

    // OpenPGP within a text (RFC 9580, 7): a line says so, mostly the first.
    private static EditOutcome InText(MailPart part)
    {
        using Stream content = part.OpenContent();
        byte[] begin = new byte[LookedThrough];
        int filled = content.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        string text = Encoding.Latin1.GetString(begin, 0, filled);
        return HasLine(text, "-----BEGIN PGP MESSAGE-----") ? EditOutcome.Encrypted
            : HasLine(text, "-----BEGIN PGP SIGNED MESSAGE-----") ? EditOutcome.Signed
            : EditOutcome.Done;
    }

    private static bool HasLine(string text, string line) => text.StartsWith(line, StringComparison.Ordinal) || text.Contains("\n" + line, StringComparison.Ordinal);
}
