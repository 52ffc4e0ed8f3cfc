namespace Milter.Message;

/// <summary>A temporary file for one body, readable by its owner alone and gone with its handle.</summary>
internal sealed class BodySpool : IDisposable
{
    private readonly FileStream _file;
    private long _length;

    internal BodySpool(FileStream file) => _file = file;

    public static BodySpool Create(string? folder)
    {
        string path = Path.Combine(folder ?? Path.GetTempPath(), $"attrmilter-{Guid.NewGuid():N}.body");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            // Without a name already now, so that nothing is left behind when the process is killed.
            File.Delete(path);
        }

        return new BodySpool(file);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file.SafeFileHandle, bytes, _length);
        _length += bytes.Length;
    }

    public int Read(long position, Span<byte> destination) => RandomAccess.Read(_file.SafeFileHandle, destination, position);

    public ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(_file.SafeFileHandle, destination, position, cancellationToken);

    public void Dispose() => _file.Dispose();
}
