using System.Net;
using System.Net.Sockets;
using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>The MTA's end of a connection to a filter: frames out, frames in.</summary>
internal sealed class FilterConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private byte[] _input = new byte[4096];
    private int _received;

    private FilterConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>What is to be sent with the next <see cref="FlushAsync"/>: like Postfix, one write for all up to the next reply.</summary>
    public FrameBuffer Output { get; } = new();

    public static async Task<FilterConnection> OpenAsync(EndPoint endPoint, CancellationToken cancellation)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (endPoint is IPEndPoint)
            {
                socket.NoDelay = true;
            }

            await socket.ConnectAsync(endPoint, cancellation);
            return new FilterConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (Output.Length > 0)
        {
            await _stream.WriteAsync(Output.WrittenMemory, cancellation);
            Output.Clear();
        }
    }

    /// <summary>Waits for one frame of the filter.</summary>
    /// <exception cref="ProtocolException">The filter hung up, or sent no frame.</exception>
    public async Task<Packet> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(out Packet? packet))
            {
                return packet;
            }

            if (_received == _input.Length)
            {
                Array.Resize(ref _input, 2 * _input.Length);
            }

            int count = await _stream.ReadAsync(_input.AsMemory(_received), cancellation);
            _received += count > 0 ? count : throw new ProtocolException("the filter closed the connection");
        }
    }

    /// <summary>Waits for the filter to close its end, as it must after QUIT.</summary>
    /// <exception cref="ProtocolException">It sends something instead.</exception>
    public async Task ReadEndAsync(CancellationToken cancellation)
    {
        if (_received > 0 || await _stream.ReadAsync(_input, cancellation) > 0)
        {
            throw new ProtocolException("the filter sent something after the end of the session");
        }
    }

    public ValueTask DisposeAsync()
    {
        Output.Dispose();
        _socket.Dispose();
        return _stream.DisposeAsync();
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Packet? packet)
    {
        packet = null;
        switch (FrameReader.TryRead(_input.AsSpan(0, _received), MilterLimits.MaxPayload, out Frame frame, out int length))
        {
            case FrameStatus.Incomplete:
                return false;
            case FrameStatus.Complete:
                packet = new Packet((MilterReply)frame.Code, frame.Payload.ToArray());
                _input.AsSpan(length, _received - length).CopyTo(_input);
                _received -= length;
                return true;
            default:
                throw new ProtocolException("the filter sent a frame that is empty or too long");
        }
    }

    /// <summary>A frame of the filter.</summary>
    /// <param name="Reply">What it is.</param>
    /// <param name="Payload">What is in it.</param>
    internal sealed record Packet(MilterReply Reply, byte[] Payload);
}
