using System.Text;
using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>Encoded words (RFC 2047): text beyond ASCII in header fields, such as <c>=?utf-8?Q?Gr=C3=BC=C3=9Fe?=</c>.</summary>
/// <remarks>
/// <see cref="HeaderEditor"/>'s and <see cref="HeaderAdder"/>'s string overloads encode by themselves. This class is for what has a structure of
/// its own, such as the display name in <c>From</c>.
/// </remarks>
public static class EncodedWords
{
    /// <summary>Makes the text that people read of a header field's value.</summary>
    /// <param name="value">The value as it was sent.</param>
    /// <returns>The text: unfolded, encoded words decoded, without white space around it.</returns>
    /// <remarks>
    /// White space between two encoded words is dropped, and a character may be split over two words of one charset. What is no well-formed encoded
    /// word, or has a charset that is not known, stays as it was sent. The charsets are those of .NET's <see cref="CodePagesEncodingProvider"/>
    /// beside UTF-8, US-ASCII and ISO-8859-1; UTF-7 is refused. Bytes that are no UTF-8 are carried along as lone surrogates (see <see cref="WireText"/>).
    /// More lenient than the RFC where mail is: words may be longer than 75 characters, stand next to other text, and have spaces in Q encoding.
    /// The work grows with the length of the value and no faster.
    /// </remarks>
    public static string Decode(ReadOnlySpan<byte> value) => EncodedWordDecoder.Decode(value);

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte})"/>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is <see langword="null"/>.</exception>
    public static string Decode(string value) => EncodedWordDecoder.Decode(WireText.GetBytes(value));

    /// <summary>Makes encoded words of a text that has characters beyond ASCII.</summary>
    /// <param name="text">The text of a phrase (a display name), a comment or a whole unstructured field.</param>
    /// <returns>
    /// The text itself where all of it is printable ASCII. Otherwise the whole text as encoded words in UTF-8 of at most 75 characters each, with a line
    /// feed and a space between them; Q encoding, or B where Q would be more than twice as long. Fit for a phrase: it needs no quotes.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static string Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        var output = new StringBuilder(2 * text.Length);
        EncodedWordEncoder.WriteWords(text, output, column: 16);
        return output.ToString();
    }
}
