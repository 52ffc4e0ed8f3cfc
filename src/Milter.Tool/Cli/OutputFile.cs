using System.CommandLine;

namespace Milter.Tool;

/// <summary>Files that a command writes at its end: whether that will work is told at its beginning.</summary>
internal static class OutputFile
{
    /// <summary>The option of a page.</summary>
    public static Option<string?> Html(string description) => new("--html") { Description = description, HelpName = "FILE" };

    /// <summary>Writes a file that could be written at the beginning.</summary>
    /// <exception cref="ToolException">It can't be written now.</exception>
    public static void Write(string option, string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.CantCreate, $"{option} {Shown.Plain(path)}: the file can't be written: {exception.Message}", exception);
        }
    }

    /// <summary>Sees whether a file can be written, and leaves what is there as it is.</summary>
    /// <param name="option">The option that names it, for the error.</param>
    /// <param name="path">The file.</param>
    /// <returns>The whole path.</returns>
    /// <exception cref="ToolException">It can't be written.</exception>
    public static string Check(string option, string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            bool isThere = File.Exists(full);
            using (new FileStream(full, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }

            if (!isThere)
            {
                File.Delete(full);
            }

            return full;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolException(ExitCode.CantCreate, $"{option} {Shown.Plain(path)}: the file can't be written: {exception.Message}", exception);
        }
    }
}
