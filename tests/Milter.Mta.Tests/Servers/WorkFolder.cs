namespace Milter.Mta.Tests;

/// <summary>A temporary folder that nobody else may write to, nor to any folder above it; deleted when disposed.</summary>
/// <remarks>Sendmail refuses a milter's socket below a folder like /tmp, so /run comes first.</remarks>
public sealed class WorkFolder : IDisposable
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private WorkFolder(string path) => Path = path;

    /// <summary>The folder; short enough for the path of a unix socket.</summary>
    public string Path { get; }

    /// <summary>Makes a new folder, readable by all.</summary>
    public static WorkFolder Create(string name)
    {
        string[] safe = [.. new[] { "/run", "/var/lib" }.Where(Environment.IsPrivilegedProcess ? IsSafe : _ => false)];
        string parent = safe.FirstOrDefault() ?? System.IO.Path.GetTempPath();
        string path = System.IO.Path.Combine(parent, $"attrmilter-{name}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(path);
        MakeReadable(path);
        return new WorkFolder(path);
    }

    /// <summary>The path of a file or folder in here.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The path of a unix socket in here on which a milter may listen.</summary>
    public string SocketPath(string name = "milter.sock") => this[name];

    /// <summary>Makes a folder in here, readable by all.</summary>
    public string CreateFolder(string name)
    {
        Directory.CreateDirectory(this[name]);
        MakeReadable(this[name]);
        return this[name];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private static void MakeReadable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                path,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                    | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    private static bool IsSafe(string path)
    {
        for (DirectoryInfo? folder = new(path); folder is not null; folder = folder.Parent)
        {
            if (!folder.Exists || folder.LinkTarget is not null || (folder.UnixFileMode & WritableByOthers) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
