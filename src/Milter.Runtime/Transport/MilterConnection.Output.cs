using System.Net.Sockets;
using Milter.Telemetry;

namespace Milter.Transport;

/// <content>What goes out, and the end.</content>
internal sealed partial class MilterConnection
{
    /// <summary>Writes while a handler runs.</summary>
    public void SendNow(ReadOnlySpan<byte> frames)
    {
        lock (this)
        {
            _writer.WriteCopy(frames);
        }
    }

    /// <summary>Writes all that the session owes. What a peer that is gone does not take is dropped, so that the session still sees the rest of what was read.</summary>
    private ValueTask SendOwedAsync()
    {
        Task? sending;
        lock (this)
        {
            bool isSilent = _session.Output.Length == 0;
            _writer.Write(_session.Output.WrittenMemory);
            sending = _writer.Sending;
            if (isSilent && _delaysAcknowledgements && !_isGone)
            {
                TcpSocket.AcknowledgeNow(_socket);
            }
        }

        if (sending is not null)
        {
            return FinishSendingAsync(sending);
        }

        Sent();
        return default;
    }

    private async ValueTask FinishSendingAsync(Task sending)
    {
        BeginWait(Phase.Writing);
        await sending.ConfigureAwait(false);
        EndWait(Phase.Writing);
        Sent();
    }

    private void Sent()
    {
        _session.Output.Clear();
        _session.Output.Trim(InputBuffer.Small);
        if (_writer.HasFailed && !_isGone)
        {
            _isGone = true;
            _end = ConnectionEnd.PeerReset;
        }
    }

    /// <summary>Closes the socket, then lets the session tell the filter.</summary>
    private async Task EndAsync()
    {
        lock (this)
        {
            Enter(Phase.Ended);
        }

        Close();
        _input.Release();
        ConnectionEnd end = _endedBy != ConnectionEnd.None ? _endedBy : _end != ConnectionEnd.None ? _end : ConnectionEnd.Stopping;
        try
        {
            await _session.EndAsync(connectionLost: end != ConnectionEnd.Session).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            MilterLog.ConnectionFailed(_settings.Logger, e, Id, Peer);
        }

        MilterLog.ConnectionClosed(_settings.Logger, Id, end);
        _onEnded(this);
        _ended.TrySetResult();
    }

    private void Close()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was first.
        }

        _socket.Dispose();
    }

    private void Gone(Exception? e)
    {
        _isGone = true;
        _end = e is not null ? ConnectionEnd.PeerReset : _input.IsEmpty ? ConnectionEnd.PeerClosed : ConnectionEnd.PeerClosedInFrame;
    }
}
