using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Milter.Protocol;

/// <summary>Text of the wire as <see cref="string"/> and back: UTF-8, with bytes that are no UTF-8 carried along unharmed.</summary>
/// <remarks>
/// The protocol has no character set. A byte 0x80 to 0xFF that is no part of valid UTF-8 becomes the lone surrogate U+DC80 to
/// U+DCFF, and that surrogate becomes the byte again: what Python calls <c>surrogateescape</c>. So
/// <c>GetBytes(GetString(bytes))</c> gives the same bytes, whatever they were. Any other lone surrogate is written as U+FFFD.
/// </remarks>
public static class WireText
{
    private const char Escape = '\uDC00';
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private const int StackChars = 256;

    /// <summary>Makes a string of bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>The text; ill-formed UTF-16 when the bytes are no UTF-8.</returns>
    public static string GetString(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : GetEscapedString(bytes);

    /// <summary>Counts the bytes that <see cref="GetBytes(string)"/> makes of a text.</summary>
    /// <param name="text">The text; lone surrogates allowed.</param>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static int GetByteCount(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int count = Encoding.UTF8.GetByteCount(text);

        // The framework counts a lone surrogate as U+FFFD, three bytes; an escape is one.
        ReadOnlySpan<char> rest = text;
        while (NextLoneSurrogate(rest) is >= 0 and var lone)
        {
            count -= rest[lone] is >= FirstEscape and <= LastEscape ? 2 : 0;
            rest = rest[(lone + 1)..];
        }

        return count;
    }

    /// <summary>Writes a text's bytes to <paramref name="destination"/>.</summary>
    /// <param name="text">The text; lone surrogates allowed.</param>
    /// <param name="destination">Room for at least <see cref="GetByteCount"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short; what it then holds is not defined.</exception>
    public static int GetBytes(string text, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> rest = text;
        int written = 0;
        while (NextLoneSurrogate(rest) is >= 0 and var lone)
        {
            written += Encoding.UTF8.GetBytes(rest[..lone], destination[written..]);
            written += WriteLoneSurrogate(rest[lone], destination[written..]);
            rest = rest[(lone + 1)..];
        }

        return written + Encoding.UTF8.GetBytes(rest, destination[written..]);
    }

    /// <summary>Makes bytes of a text.</summary>
    /// <param name="text">The text; lone surrogates allowed.</param>
    /// <returns>A new array with exactly the text's bytes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static byte[] GetBytes(string text)
    {
        byte[] bytes = new byte[GetByteCount(text)];
        GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>Says whether a text is well-formed: no lone surrogates, and so no bytes that were no UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsText(string text) => NextLoneSurrogate(text) < 0;

    /// <summary>Makes a text that everybody takes: for logs, databases, DNS, JSON and terminals.</summary>
    /// <param name="text">The text; lone surrogates allowed.</param>
    /// <returns>
    /// The text itself where it is well-formed and has no control characters. Otherwise with <c>\xE9</c> for a byte that was no UTF-8 or a control character below U+0080, and
    /// <c>\u0085</c> for others and for other lone surrogates. It is for people: the way back is not certain, since a backslash stands for itself.
    /// </returns>
    public static string ToPrintable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsText(text) && !text.Any(char.IsControl))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
            {
                printable.Append(c).Append(text[++i]);
            }
            else if (c is >= FirstEscape and <= LastEscape || (c < 0x80 && char.IsControl(c)))
            {
                printable.Append(CultureInfo.InvariantCulture, $"\\x{(c < 0x80 ? c : c - Escape):X2}");
            }
            else if (char.IsSurrogate(c) || char.IsControl(c))
            {
                printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                printable.Append(c);
            }
        }

        return printable.ToString();
    }

    private static string GetEscapedString(ReadOnlySpan<byte> bytes)
    {
        // UTF-16 never has more units than the UTF-8 had bytes.
        char[]? rented = bytes.Length > StackChars ? ArrayPool<char>.Shared.Rent(bytes.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackChars];
        int length = 0;
        while (true)
        {
            OperationStatus status = Utf8.ToUtf16(bytes, chars[length..], out int read, out int written, replaceInvalidSequences: false);
            length += written;
            if (status != OperationStatus.InvalidData)
            {
                break;
            }

            chars[length++] = (char)(Escape + bytes[read]);
            bytes = bytes[(read + 1)..];
        }

        string text = new(chars[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return text;
    }

    private static int NextLoneSurrogate(ReadOnlySpan<char> text)
    {
        int i = 0;
        while (text[i..].IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var next)
        {
            i += next;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return i;
            }

            i += 2;
        }

        return -1;
    }

    private static int WriteLoneSurrogate(char surrogate, Span<byte> destination)
    {
        if (surrogate is >= FirstEscape and <= LastEscape)
        {
            if (destination.IsEmpty)
            {
                throw new ArgumentException("The destination is too short for the text.", nameof(destination));
            }

            destination[0] = (byte)(surrogate - Escape);
            return 1;
        }

        return Encoding.UTF8.GetBytes("\uFFFD", destination);
    }
}
