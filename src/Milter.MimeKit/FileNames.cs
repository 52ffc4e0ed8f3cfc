namespace Milter.Mime;

/// <summary>What systems make of a file name.</summary>
internal static class FileNames
{
    /// <summary>Gives the extension that decides what opens the file: behind the last dot of the last component, without what Windows leaves out.</summary>
    public static ReadOnlySpan<char> ExtensionOf(ReadOnlySpan<char> name)
    {
        int slash = name.LastIndexOfAny('/', '\\');
        ReadOnlySpan<char> file = name[(slash + 1)..];

        // name.exe:stream and name.exe::$DATA open name.exe; a colon in front is a drive.
        int colon = file.IndexOf(':');
        file = colon > 1 ? file[..colon] : file;
        file = file.TrimEnd(" .\t\r\n\0\"'");
        int dot = file.LastIndexOf('.');
        return dot < 0 ? [] : file[(dot + 1)..];
    }

    /// <summary>Gives a name on one line, without what controls a terminal or turns the direction of writing.</summary>
    public static string Printable(string name)
    {
        const int Longest = 150;
        string shown = name.Length <= Longest ? name : string.Concat(name.AsSpan(0, Longest - 1), "…");
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator ? '_' : c));
    }

    public static bool HasExtension(ReadOnlySpan<char> name, ReadOnlySpan<string> extensions)
    {
        ReadOnlySpan<char> found = ExtensionOf(name);
        if (found.Length == 0)
        {
            return false;
        }

        foreach (string extension in extensions)
        {
            if (found.Equals(extension.AsSpan().TrimStart('.'), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
