using System.Buffers.Binary;
using System.Net.Sockets;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Wire;

/// <summary>The MTA's end of a milter connection over a unix socket: blocking, for one thread.</summary>
internal sealed class MtaSocket : IDisposable
{
    private const int MaxPayload = 1 << 24;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private byte[] _buffer = new byte[70 * 1024];
    private int _start;
    private int _end;

    /// <summary>Connects.</summary>
    /// <param name="path">The filter's socket.</param>
    /// <param name="deadline">How long a reply may take.</param>
    public MtaSocket(string path, TimeSpan deadline)
    {
        _socket.ReceiveTimeout = (int)deadline.TotalMilliseconds;
        _socket.SendTimeout = (int)deadline.TotalMilliseconds;
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Waits for one packet.</summary>
    /// <exception cref="FilterException">None came: the connection ended, the time was over, or what came is no packet.</exception>
    public Packet Receive()
    {
        while (true)
        {
            ReadOnlySpan<byte> unread = _buffer.AsSpan(_start, _end - _start);
            FrameStatus status = FrameReader.TryRead(unread, MaxPayload, out Frame frame, out int length);
            if (status == FrameStatus.Complete)
            {
                _start += length;
                return new Packet((char)frame.Code, Bytes.Text(frame.Payload));
            }

            if (status != FrameStatus.Incomplete)
            {
                throw new FilterException($"what came is no packet: {Bytes.Shown(Bytes.Text(unread))}");
            }

            if (Fill() == 0)
            {
                throw new FilterException(unread.IsEmpty ? "the filter closed the connection" : $"the filter closed the connection inside a packet: {Bytes.Shown(Bytes.Text(unread))}");
            }
        }
    }

    /// <summary>Reads to the end of the connection.</summary>
    /// <returns>What came that nobody waited for.</returns>
    public string ReceiveRest()
    {
        try
        {
            while (Fill() > 0)
            {
            }
        }
        catch (FilterException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // It had not read all that was sent: an end as well.
        }

        return Bytes.Text(_buffer.AsSpan(_start, _end - _start));
    }

    public void Dispose() => _socket.Dispose();

    private int Fill()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            byte[] larger = _start > 0 ? _buffer : new byte[_buffer.Length * 2];
            Buffer.BlockCopy(_buffer, _start, larger, 0, _end - _start);
            _buffer = larger;
            _end -= _start;
            _start = 0;
        }

        try
        {
            int count = _socket.Receive(_buffer.AsSpan(_end));
            _end += count;
            return count;
        }
        catch (SocketException exception)
        {
            bool late = exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock;
            throw new FilterException(late ? "no reply came" : $"the connection broke: {exception.SocketErrorCode}", exception);
        }
    }

    /// <summary>Writes one frame into a span-sized array.</summary>
    public static byte[] FrameOf(char code, string payload)
    {
        byte[] frame = new byte[MilterLimits.FrameHeader + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length + 1);
        frame[4] = (byte)code;
        System.Text.Encoding.Latin1.GetBytes(payload, frame.AsSpan(MilterLimits.FrameHeader));
        return frame;
    }
}
