using System.Net.Sockets;

namespace Milter.Transport.Wire;

/// <summary>The platform's socket as a wire.</summary>
internal sealed class SocketWire : AsyncWire
{
    private readonly Socket _socket;

    public SocketWire(Socket socket)
    {
        // What does not go out at once is sent asynchronously.
        socket.Blocking = false;
        _socket = socket;
    }

    public override void Acknowledge()
    {
        if (TcpSocket.DelaysAcknowledgements(_socket))
        {
            TcpSocket.AcknowledgeNow(_socket);
        }
    }

    public override void Cut()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    protected override ValueTask<int> ReceiveAsync(Memory<byte> room) => _socket.ReceiveAsync(room, SocketFlags.None);

    protected override int TrySend(ReadOnlySpan<byte> bytes)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock or SocketError.IOPending or SocketError.NoBufferSpaceAvailable => 0,

            // The peer takes nothing any more: dropped.
            _ => bytes.Length,
        };
    }

    protected override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
        }
    }

    protected override void Dispose() => _socket.Dispose();
}
