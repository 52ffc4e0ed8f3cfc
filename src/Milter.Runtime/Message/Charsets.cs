using System.Text;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>The charsets of encoded words.</summary>
internal static class Charsets
{
    /// <summary>Finds a charset by its MIME name; <see langword="null"/> for one that is not known. UTF-7, which hides ASCII from filters, never is.</summary>
    public static Encoding? Find(ReadOnlySpan<byte> name)
    {
        // RFC 2231 section 5: a language may follow.
        int star = name.IndexOf((byte)'*');
        name = star < 0 ? name : name[..star];
        if (Is(name, "utf-8"u8) || Is(name, "us-ascii"u8) || Is(name, "utf8"u8) || Is(name, "ascii"u8))
        {
            return Encoding.UTF8;
        }

        if (Is(name, "iso-8859-1"u8) || Is(name, "latin1"u8))
        {
            return Encoding.Latin1;
        }

        // The provider knows the rest and, unlike Encoding.GetEncoding, does not throw at names that a sender made up.
        return name.IsEmpty ? null : CodePagesEncodingProvider.Instance.GetEncoding(Encoding.Latin1.GetString(name));
    }

    public static string GetString(Encoding charset, ReadOnlySpan<byte> bytes) =>
        ReferenceEquals(charset, Encoding.UTF8) ? WireText.GetString(bytes) : charset.GetString(bytes);

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);
}
