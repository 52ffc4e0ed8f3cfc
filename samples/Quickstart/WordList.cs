using System.Globalization;
using System.Text;

namespace Quickstart;

/// <summary>Words to look for in a text: whole ones, whatever their case and script.</summary>
/// <remarks>A letter, digit or combining mark next to the word makes it another word: "lottery" is in "Lottery!" and not in "lotteryless". Characters are compared as they are, composed and decomposed ones apart.</remarks>
/// <param name="words">The words; phrases too, whose words may have any white space between them in the text.</param>
internal sealed class WordList(IEnumerable<string> words)
{
    private readonly string[] _words = [.. words.Select(static word => OneSpaceEach(word).Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Looks for the words, in their order.</summary>
    /// <returns>The first that is there, as it stands in the list; <see langword="null"/> when none is.</returns>
    public string? FindIn(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        text = OneSpaceEach(text);
        foreach (string word in _words)
        {
            if (Contains(text, word))
            {
                return word;
            }
        }

        return null;
    }

    private static bool Contains(ReadOnlySpan<char> text, string word)
    {
        for (int start = 0; text[start..].IndexOf(word, StringComparison.OrdinalIgnoreCase) is >= 0 and var at; start += at + 1)
        {
            int begin = start + at;
            if (!Joins(text[..begin], word) && !Joins(word, text[(begin + word.Length)..]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the last character of one text and the first of the next make one word.</summary>
    private static bool Joins(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        // Both give U+FFFD, which is no letter, where there is nothing or half a surrogate pair.
        Rune.DecodeLastFromUtf16(left, out Rune last, out _);
        Rune.DecodeFromUtf16(right, out Rune first, out _);
        return IsOfWord(last) && IsOfWord(first);
    }

    private static string OneSpaceEach(string text) => text.AsSpan().ContainsAny('\t', '\u00A0') || text.Contains("  ", StringComparison.Ordinal)
        ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        : text;

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
