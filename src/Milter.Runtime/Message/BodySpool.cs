using Milter.Limits;

namespace Milter.Message;

/// <summary>A temporary file for one body, readable by its owner alone and gone with its handle.</summary>
internal sealed class BodySpool : IDisposable
{
    // ENOSPC and EDQUOT, and ERROR_DISK_FULL of Windows.
    private const int NoSpace = 28, OverQuota = 122, DiskFull = unchecked((int)0x80070070);

    private readonly FileStream _file;
    private readonly ByteBudget _budget;
    private long _length;

    internal BodySpool(FileStream file, ByteBudget budget)
    {
        _file = file;
        _budget = budget;
    }

    public static BodySpool Create(string? folder, ByteBudget budget)
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

        return new BodySpool(file, budget);
    }

    /// <exception cref="SpoolFullException">There is no room.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (!_budget.HasRoomFor(bytes.Length))
        {
            throw new SpoolFullException($"temporary files have used up the {_budget.Limit} bytes that they may (option {nameof(MilterOptions.SpoolBudget)})");
        }

        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, _length);
        }
        catch (IOException e) when (e.HResult is NoSpace or OverQuota or DiskFull)
        {
            throw new SpoolFullException(e.Message, e);
        }

        _length += bytes.Length;
        _budget.Add(bytes.Length);
    }

    public int Read(long position, Span<byte> destination) => RandomAccess.Read(_file.SafeFileHandle, destination, position);

    public ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(_file.SafeFileHandle, destination, position, cancellationToken);

    public void Dispose()
    {
        _budget.Add(-_length);
        _length = 0;
        _file.Dispose();
    }
}
