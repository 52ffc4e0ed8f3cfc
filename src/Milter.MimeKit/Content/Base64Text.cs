using System.Numerics;
using System.Runtime.Intrinsics;

namespace Milter.Mime.Content;

/// <summary>Tells the digits of base64 from the rest, many at a time: nearly all that mail carries is this.</summary>
internal static class Base64Text
{
    /// <summary>Counts the digits and blanks that a text begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="digits">How many of them are digits.</param>
    /// <returns>How many bytes are digits or blanks.</returns>
    public static int CountPlain(ReadOnlySpan<byte> text, out int digits)
    {
        int at = 0;
        digits = 0;
        while (at <= text.Length - Vector128<byte>.Count)
        {
            Vector128<byte> some = Vector128.Create(text[at..]);
            Vector128<byte> isDigit = InRange(some | Vector128.Create((byte)0x20), (byte)'a', 'z' - 'a') | InRange(some, (byte)'/', '9' - '/') | Vector128.Equals(some, Vector128.Create((byte)'+'));
            Vector128<byte> isBlank = Vector128.Equals(some, Vector128.Create((byte)' ')) | Vector128.Equals(some, Vector128.Create((byte)'\n')) | Vector128.Equals(some, Vector128.Create((byte)'\r')) | Vector128.Equals(some, Vector128.Create((byte)'\t'));
            if ((isDigit | isBlank) != Vector128<byte>.AllBitsSet)
            {
                break;
            }

            digits += BitOperations.PopCount(isDigit.ExtractMostSignificantBits());
            at += Vector128<byte>.Count;
        }

        for (; at < text.Length; at++)
        {
            byte one = text[at];
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'+' or (byte)'/')
            {
                digits++;
            }
            else if (one is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                break;
            }
        }

        return at;
    }

    // A difference below zero wraps around to what is above every length.
    private static Vector128<byte> InRange(Vector128<byte> some, byte first, int length) => Vector128.LessThanOrEqual(some - Vector128.Create(first), Vector128.Create((byte)length));
}
