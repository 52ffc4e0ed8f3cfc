using System.Net.Sockets;
using Milter.Conformance.Tests.Wire;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Filters;

/// <summary>Stands before a filter and does one of the things that a faulty filter could do.</summary>
internal sealed class TamperingProxy : IDisposable
{
    private static int s_count;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<bool, string> _filter;
    private readonly Tampering _tampering;
    private readonly Random _random;
    private readonly Task _accepting;

    public TamperingProxy(Tampering tampering, Func<bool, string> filter, string folder, int seed)
    {
        _tampering = tampering;
        _filter = filter;
        _random = new Random(seed);
        SocketPath = Path.Combine(folder, $"{tampering}-{Interlocked.Increment(ref s_count)}.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _accepting = Task.Factory.StartNew(Accept, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public string SocketPath { get; }

    /// <summary>Which of the two filters the next connection is for.</summary>
    public bool LeadingSpace { get; set; }

    /// <summary>Whether anything was changed on the last connection.</summary>
    public bool HasTampered { get; private set; }

    public void Dispose()
    {
        _listener.Shutdown(SocketShutdown.Both);
        _listener.Dispose();
        _accepting.Wait();
    }

    private void Accept()
    {
        while (true)
        {
            try
            {
                using Socket mta = _listener.Accept();
                Serve(mta);
            }
            catch (SocketException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    // One connection at a time: the tests play one at a time.
    private void Serve(Socket mta)
    {
        HasTampered = false;
        using var filter = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        filter.Connect(new UnixDomainSocketEndPoint(_filter(LeadingSpace)));
        var upwards = Task.Factory.StartNew(() => Copy(mta, filter), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var tamperer = new Tamperer(_tampering, _random);
        try
        {
            PassOn(filter, mta, tamperer);
        }
        catch (SocketException)
        {
            // One side is gone.
        }

        End(mta);
        End(filter);
        upwards.Wait();
    }

    private void PassOn(Socket filter, Socket mta, Tamperer tamperer)
    {
        byte[] buffer = new byte[MilterLimits.MaxPayload * 2];
        int filled = 0;
        int count;
        while ((count = filter.Receive(buffer.AsSpan(filled))) > 0)
        {
            filled += count;
            int read = 0;
            while (FrameReader.TryRead(buffer.AsSpan(read, filled - read), MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
            {
                read += length;
                IReadOnlyList<Packet> passed = tamperer.Pass(new Packet((char)frame.Code, Bytes.Text(frame.Payload)));
                HasTampered = tamperer.HasTampered;
                foreach (Packet packet in passed)
                {
                    mta.Send(MtaSocket.FrameOf(packet.Code, packet.Payload));
                }

                if (tamperer.Closes)
                {
                    return;
                }
            }

            buffer.AsSpan(read, filled - read).CopyTo(buffer);
            filled -= read;
        }

        if (_tampering == Tampering.ByteAtTheEnd)
        {
            HasTampered = true;
            mta.Send([0]);
        }
    }

    private static void Copy(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = from.Receive(buffer)) > 0)
            {
                for (int sent = 0; sent < count;)
                {
                    sent += to.Send(buffer.AsSpan(sent, count - sent));
                }
            }

        }
        catch (SocketException)
        {
            // One side is gone, and the other is to know.
        }

        End(to, SocketShutdown.Send);
    }

    private static void End(Socket socket, SocketShutdown how = SocketShutdown.Both)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (SocketException)
        {
            // It is gone already.
        }
    }
}
