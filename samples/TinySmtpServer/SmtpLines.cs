using Milter.Protocol;

namespace TinySmtpServer;

/// <summary>Lines in, replies out.</summary>
internal sealed class SmtpLines(Stream stream) : IAsyncDisposable
{
    private const int LongestLine = 64 * 1024;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Reads a line without its end; <see langword="null"/> when the client is gone.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellation));
                if (_end == 0 || line.Count > LongestLine)
                {
                    return null;
                }
            }

            byte next = _buffer[_start++];
            if (next == (byte)'\n')
            {
                return line is [.., (byte)'\r'] ? [.. line[..^1]] : [.. line];
            }

            line.Add(next);
        }
    }

    /// <summary>Reads the content after DATA, dots undoubled, lines ended by CR LF.</summary>
    public async ValueTask<byte[]?> ReadContentAsync(CancellationToken cancellation)
    {
        var content = new List<byte>();
        while (await ReadAsync(cancellation) is { } line)
        {
            if (line is [(byte)'.'])
            {
                return [.. content];
            }

            content.AddRange(line is [(byte)'.', ..] ? line[1..] : line);
            content.AddRange("\r\n"u8);
        }

        return null;
    }

    /// <summary>Writes a reply.</summary>
    public async ValueTask WriteAsync(IEnumerable<string> lines, CancellationToken cancellation) =>
        await stream.WriteAsync(WireText.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), cancellation);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
