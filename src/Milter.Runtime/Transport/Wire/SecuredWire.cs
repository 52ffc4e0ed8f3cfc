using System.Net.Sockets;

namespace Milter.Transport.Wire;

/// <summary>The platform's socket behind something that encrypts, which says hello when the connection is first read.</summary>
/// <param name="socket">The socket.</param>
/// <param name="security">What encrypts.</param>
/// <param name="refused">Is told why nothing came of it.</param>
internal sealed class SecuredWire(Socket socket, StreamSecurity security, Action<string> refused) : SocketWire(socket)
{
    private volatile Stream? _stream;

    protected override ValueTask<int> ReceiveAsync(Memory<byte> room) => _stream is { } stream ? stream.ReadAsync(room) : OpenAsync(room);

    protected override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => _stream is { } stream ? stream.WriteAsync(bytes) : throw new IOException("Nothing can be said yet.");

    protected override void Dispose()
    {
        _stream?.Dispose();
        base.Dispose();
    }

    private async ValueTask<int> OpenAsync(Memory<byte> room)
    {
        try
        {
            // The platform wants it so.
            Socket.Blocking = true;
            _stream = await security.OpenAsync(Socket).ConfigureAwait(false);
        }
        catch (IOException e) when (!IsClosed)
        {
            refused(e.Message);
            throw;
        }

        return await _stream.ReadAsync(room).ConfigureAwait(false);
    }
}
