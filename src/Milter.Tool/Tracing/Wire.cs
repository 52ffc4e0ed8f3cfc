using System.Net;
using System.Net.Sockets;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>How a read has ended.</summary>
internal enum WireStatus
{
    /// <summary>A packet is there.</summary>
    Packet,

    /// <summary>The filter has closed the connection.</summary>
    Closed,

    /// <summary>Nothing came in time.</summary>
    Silent,

    /// <summary>What came is no packet.</summary>
    Garbage,
}

/// <summary>What a read has brought.</summary>
internal sealed record WirePacket(WireStatus Status, byte Code = 0, byte[]? Bytes = null)
{
    public byte[] Payload => Bytes ?? [];

    public MilterReply Reply => (MilterReply)Code;
}

/// <summary>A bare connection to a filter: what is written goes out as it is, right or wrong.</summary>
internal sealed class Wire(Socket socket, TimeSpan patience) : IAsyncDisposable
{
    private const int MaxFrame = 1 << 20;

    private readonly List<byte> _input = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    public TimeSpan Patience { get; set; } = patience;

    public static async Task<Wire> OpenAsync(string endPoint, TimeSpan patience, CancellationToken cancellation)
    {
        EndPoint filter = MilterEndPoint.Parse(endPoint).ToConnectAddress();
        try
        {
            return new Wire(await Dialing.ConnectAsync(filter, cancellation), patience);
        }
        catch (SocketException exception)
        {
            throw new MilterClientException(MilterClientError.Refused, null, $"The filter at {endPoint} can't be reached: {Dialing.Reason(filter, exception)}", exception);
        }
    }

    /// <summary>Sends bytes.</summary>
    /// <returns>Whether the connection took them.</returns>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            for (ReadOnlyMemory<byte> rest = bytes; !rest.IsEmpty;)
            {
                rest = rest[await socket.SendAsync(rest, cancellation)..];
            }

            return true;
        }
        catch (SocketException)
        {
            // The filter has closed: the next read says so.
            return false;
        }
    }

    public async Task<WirePacket> ReadAsync(CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Patience);
        while (true)
        {
            byte[] bytes = [.. _input];
            FrameStatus status = FrameReader.TryRead(bytes, MaxFrame, out Frame frame, out int length);
            if (status == FrameStatus.Complete)
            {
                _input.RemoveRange(0, length);
                return new WirePacket(WireStatus.Packet, frame.Code, frame.Payload.ToArray());
            }

            if (status != FrameStatus.Incomplete)
            {
                return new WirePacket(WireStatus.Garbage, Bytes: bytes);
            }

            try
            {
                int count = await socket.ReceiveAsync(_buffer, timeout.Token);
                if (count == 0)
                {
                    return new WirePacket(_input.Count > 0 ? WireStatus.Garbage : WireStatus.Closed);
                }

                _input.AddRange(_buffer.AsSpan(0, count));
            }
            catch (SocketException)
            {
                return new WirePacket(WireStatus.Closed);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new WirePacket(WireStatus.Silent);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return default;
    }
}
