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
