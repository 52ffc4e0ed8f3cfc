using System.Globalization;

namespace Milter.Samples.Probe;

/// <summary>The fields of an action: separated by one space, the last one with all that is left.</summary>
internal ref struct Fields(string action)
{
    /// <summary>What has not been read; <see langword="null"/> when the word before it stood alone.</summary>
    public string? Rest { get; private set; } = action;

    /// <summary>Reads the action's word, which may stand alone.</summary>
    public string Word()
    {
        string whole = Rest!;
        if (Next() is { } word)
        {
            return word;
        }

        Rest = null;
        return whole;
    }

    /// <summary>Reads a field that more has to follow; otherwise <see langword="null"/>, and nothing is read.</summary>
    public string? Next()
    {
        int space = Rest?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        if (space < 0)
        {
            return null;
        }

        string field = Rest![..space];
        Rest = Rest[(space + 1)..];
        return field;
    }

    /// <summary>Reads digits: no sign, no blank, at most 2147483647.</summary>
    public static bool TryNumber(string? text, out int number)
    {
        number = 0;
        return text is not null && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
