using System.Buffers;
using System.Runtime.InteropServices;
using Milter.Protocol;

namespace Milter.Transport.Epoll;

/// <content>What goes out: one write for all that is owed, and what the kernel did not take of it.</content>
internal sealed partial class EpollConnection
{
    // What the kernel has not taken yet. Under the gate.
    private readonly FrameBuffer _unsent = new();
    private int _sent;
    private bool _cannotSend;
    private bool _tellsWrites;

    /// <summary>Writes while a handler runs.</summary>
    public void SendNow(ReadOnlySpan<byte> frames)
    {
        lock (this)
        {
            _session.Output.Write(frames);
            FlushUnderGate();
        }
    }

    /// <summary>Writes all that is owed in one write.</summary>
    /// <returns>Whether the kernel has taken all of it.</returns>
    private bool Flush()
    {
        if (_session.Output.Length == 0 && _unsent.Length == 0)
        {
            return true;
        }

        lock (this)
        {
            return FlushUnderGate();
        }
    }

    private bool FlushUnderGate()
    {
        FrameBuffer output = _session.Output;
        if (_unsent.Length > 0)
        {
            _unsent.TakeFrom(output);
            _sent += Send(_unsent.WrittenSpan[_sent..]);
        }
        else
        {
            _sent = Send(output.WrittenSpan);
            if (_sent == output.Length)
            {
                output.Clear();
                return true;
            }

            _unsent.TakeFrom(output);
        }

        if (_sent < _unsent.Length)
        {
            return false;
        }

        _unsent.Clear();
        _unsent.Trim(0);
        return true;
    }

    /// <returns>How many bytes the kernel has taken; all of them once the MTA takes no more, so that they are dropped.</returns>
    private int Send(ReadOnlySpan<byte> bytes)
    {
        int sent = 0;
        while (sent < bytes.Length && !_cannotSend)
        {
            nint count = EpollNative.Send(Descriptor, bytes[sent..]);
            if (count >= 0)
            {
                sent += (int)count;
                continue;
            }

            int error = Marshal.GetLastSystemError();
            if (error == EpollNative.Again)
            {
                if (!_tellsWrites)
                {
                    // Once: from now on each change from full to not full is an event.
                    _tellsWrites = true;
                    _loop.TellWrites(this);
                }

                return sent;
            }

            _cannotSend = error != EpollNative.Interrupted;
        }

        return bytes.Length;
    }

    private void Acknowledge()
    {
        if (_delaysAcknowledgements && _session.Output.Length == 0)
        {
            EpollNative.AcknowledgeNow(Descriptor);
        }
    }
}
