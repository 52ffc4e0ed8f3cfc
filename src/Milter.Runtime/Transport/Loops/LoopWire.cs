using Milter.Listening;
using Milter.Output;
using Milter.Transport.Wire;

namespace Milter.Transport.Loops;

/// <summary>A descriptor on a loop as a wire. It owns the descriptor: it alone closes it, once.</summary>
internal sealed class LoopWire(Loop loop, ILoopKernel kernel, int descriptor, bool isTcp) : IWire, IGatheringSink, IPeerSource
{
    // Closing and cutting, from whatever thread, exclude each other: the number may be another connection's at once.
    private readonly object _gate = new();
    private bool _isClosed;
    private bool _tellsWrites;
    private bool _hasFailed;
    private volatile bool _hangsUp;

    public int Descriptor => descriptor;

    /// <summary>Gets the number that the loop has given it, which comes with its events.</summary>
    public uint Serial { get; private set; }

    public Connection? Connection { get; private set; }

    public void Start(Connection connection)
    {
        Connection = connection;
        Serial = loop.NextSerial();
        loop.Add(this);
    }

    /// <summary>The kernel has something to tell.</summary>
    /// <returns>Whether the caller owns the connection now.</returns>
    public bool TryClaim(uint events)
    {
        Signals signals = (events & LoopEvent.Write) != 0 ? Signals.Write : Signals.None;
        signals |= (events & LoopEvent.Read) != 0 ? Signals.Read : Signals.None;
        if ((events & (LoopEvent.PeerHangUp | LoopEvent.HangUp | LoopEvent.Error)) != 0)
        {
            _hangsUp = true;
            signals |= Signals.HangUp;
        }

        return Connection!.TryClaim(signals);
    }

    public int TryRead(Span<byte> buffer, out bool isDrained)
    {
        while (true)
        {
            int count = kernel.Receive(descriptor, buffer);
            isDrained = count == -LinuxKernel.Again || (count > 0 && count < buffer.Length && !_hangsUp);
            switch (count)
            {
                case >= 0:
                    // A short read has emptied the socket: what comes now is another event.
                    return count;
                case -LinuxKernel.Again:
                    return IWire.Nothing;
                case -LinuxKernel.Interrupted:
                    continue;
                default:
                    return IWire.Reset;
            }
        }
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int sent = 0;
        while (sent < bytes.Length && !_hasFailed)
        {
            int count = kernel.Send(descriptor, bytes[sent..]);
            if (count >= 0)
            {
                sent += count;
                continue;
            }

            if (count == -LinuxKernel.Again)
            {
                TellWrites();
                return sent;
            }

            _hasFailed = count != -LinuxKernel.Interrupted;
        }

        return bytes.Length;
    }

    public int TryWrite(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        while (!_hasFailed)
        {
            int count = kernel.Send(descriptor, pieces);
            if (count >= 0)
            {
                return count;
            }

            if (count == -LinuxKernel.Again)
            {
                TellWrites();
                return 0;
            }

            _hasFailed = count != -LinuxKernel.Interrupted;
        }

        int all = 0;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            all += piece.Length;
        }

        return all;
    }

    public void Schedule(Connection connection) => loop.Post(connection);

    public void Acknowledge()
    {
        if (isTcp)
        {
            kernel.AcknowledgeNow(descriptor);
        }
    }

    public void Cut()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                kernel.Shutdown(descriptor);
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _hasFailed = true;
            loop.Remove(this);
            kernel.Close(descriptor);
        }
    }

    public PeerCredentials? AskPeer()
    {
        lock (_gate)
        {
            return _isClosed ? null : kernel.AskPeer(descriptor);
        }
    }

    private void TellWrites()
    {
        if (!_tellsWrites)
        {
            // Once: from now on each change from full to not full is an event.
            _tellsWrites = true;
            loop.TellWrites(this);
        }
    }
}
