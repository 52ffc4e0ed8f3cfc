using System.Net.Sockets;
using Milter.Listening;

namespace Milter.Transport.Wire;

/// <summary>The platform's socket as a wire.</summary>
internal class SocketWire : AsyncWire
{
    public SocketWire(Socket socket)
    {
        // What does not go out at once is sent asynchronously.
        socket.Blocking = false;
        Socket = socket;
    }

    protected Socket Socket { get; }

    public override void Acknowledge()
    {
        if (TcpSocket.DelaysAcknowledgements(Socket))
        {
            TcpSocket.AcknowledgeNow(Socket);
        }
    }

    public override void Cut()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    protected override ValueTask<int> ReceiveAsync(Memory<byte> room) => Socket.ReceiveAsync(room, SocketFlags.None);

    protected override int TrySend(ReadOnlySpan<byte> bytes)
    {
        int sent = Socket.Send(bytes, SocketFlags.None, out SocketError error);
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
            bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false)..];
        }
    }

    protected override void Dispose() => Socket.Dispose();
}
