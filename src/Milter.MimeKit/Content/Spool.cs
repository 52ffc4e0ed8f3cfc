using System.Buffers;

namespace Milter.Mime.Content;

/// <summary>Where unpacked content is kept: in memory, and in a temporary file once it grows.</summary>
internal static class Spool
{
    private const int CopySize = 32 * 1024;

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="content">The stream.</param>
    /// <param name="options">Where large content goes.</param>
    /// <param name="limit">How many bytes it may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A seekable stream at its beginning, or <see langword="null"/> where the content is larger than the limit.</returns>
    public static Stream? Copy(Stream content, MailPartsOptions options, long limit, CancellationToken cancellationToken)
    {
        Stream kept = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopySize);
        bool isKept = false;
        try
        {
            long length = 0;
            while (content.Read(buffer) is > 0 and var count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                length += count;
                if (length > limit)
                {
                    return null;
                }

                if (length > options.MemoryThreshold && kept is MemoryStream memory)
                {
                    kept = OpenFile(options);
                    memory.WriteTo(kept);
                }

                kept.Write(buffer, 0, count);
            }

            kept.Position = 0;
            isKept = true;
            return kept;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!isKept)
            {
                kept.Dispose();
            }
        }
    }

    private static FileStream OpenFile(MailPartsOptions options)
    {
        string path = Path.Combine(options.TemporaryFolder ?? Path.GetTempPath(), "attrmilter-" + Path.GetRandomFileName());
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = CopySize };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, how);
    }
}
