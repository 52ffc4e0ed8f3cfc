using System.Text;

namespace Milter.Mta.Tests;

/// <summary>Reads lines, and writes bytes, on a stream; no byte is read beyond what the buffer holds.</summary>
internal sealed class LineStream(Stream stream) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _next, _end;

    /// <summary>The stream underneath, for a handshake; nothing may be waiting in the buffer.</summary>
    public Stream Underneath => _next == _end
        ? stream
        : throw new InvalidOperationException("The peer sent more than it was asked for.");

    /// <summary>The next line without its line end; null at the end of the stream.</summary>
    public async ValueTask<byte[]?> ReadLineAsync(CancellationToken cancellation) =>
        await ReadRawLineAsync(cancellation) switch
        {
            null => null,
            [.. var text, (byte)'\r', (byte)'\n'] => text,
            { } line => line[..^1],
        };

    /// <summary>The bytes up to the next LF and with it; null at the end of the stream.</summary>
    public async ValueTask<byte[]?> ReadRawLineAsync(CancellationToken cancellation)
    {
        var line = new MemoryStream();
        while (true)
        {
            if (_next == _end)
            {
                (_next, _end) = (0, await stream.ReadAsync(_buffer, cancellation));
                if (_end == 0)
                {
                    return null;
                }
            }

            int lf = Array.IndexOf(_buffer, (byte)'\n', _next, _end - _next);
            int stop = lf < 0 ? _end : lf + 1;
            line.Write(_buffer, _next, stop - _next);
            _next = stop;
            if (lf >= 0)
            {
                return line.ToArray();
            }
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await stream.WriteAsync(bytes, cancellation);
        await stream.FlushAsync(cancellation);
    }

    public ValueTask WriteLineAsync(string line, CancellationToken cancellation) =>
        WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);

    public void Dispose() => stream.Dispose();
}
