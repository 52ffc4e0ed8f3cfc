using Milter.Listening;
using Milter.Telemetry;
using Milter.Transport.Loops;

namespace Milter.Transport;

/// <summary>Where connections come in: the listening socket, and who takes from it. A unix socket whose file somebody has taken away is made again.</summary>
/// <remarks>Such a socket is open and deaf: a folder below <c>/run</c> was removed and made again, a cleaner of <c>/tmp</c> came by. Without this nobody would know before mail is missed.</remarks>
internal sealed class Reception(MilterListener listener, MilterEngine engine, Admission admission, LoopSet? loops, EngineSettings settings)
{
    private readonly object _lock = new();
    private volatile MilterListener _listener = listener;
    private SocketAcceptor? _sockets;
    private bool _isTold;
    private bool _isClosing;

    /// <summary>Gets what is really listened on.</summary>
    public MilterEndPoint EndPoint => _listener.EndPoint;

    /// <summary>Begins to take connections.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public void Open()
    {
        lock (_lock)
        {
            Take(_listener);
        }
    }

    /// <summary>Goes on where connections could not be taken: there is room again, or perhaps.</summary>
    public void Resume() => loops?.First.Acceptor?.Resume();

    /// <summary>Lets nobody find the socket any more. Those that wait are still taken.</summary>
    public void Hide()
    {
        lock (_lock)
        {
            _isClosing = true;
            _listener.Hide();
            _sockets?.Stop();
        }
    }

    /// <summary>Takes those that wait and closes the socket, which is hidden.</summary>
    public Task CloseAsync() => RetireAsync(_listener, loops?.First.Acceptor, _sockets);

    /// <summary>Looks whether the socket can still be found, and makes it again where not. Called now and then.</summary>
    public void Look()
    {
        if (!_listener.IsGone)
        {
            return;
        }

        lock (_lock)
        {
            if (!_isClosing)
            {
                ListenAgain();
            }
        }
    }

    private void ListenAgain()
    {
        (MilterListener lost, LoopAcceptor? acceptor, SocketAcceptor? sockets) = (_listener, loops?.First.Acceptor, _sockets);
        MilterListener? next = null;
        try
        {
            next = MilterListener.OpenUnix(settings.Listen);
            Take(next);
        }
        catch (IOException e)
        {
            next?.Dispose();
            settings.Health.Hidden();
            if (!_isTold)
            {
                _isTold = true;
                TransportLog.SocketGone(settings.Logger, settings.Health.Name, e.Message);
            }

            return;
        }

        _listener = next;
        _isTold = false;
        sockets?.Stop();
        _ = RetireAsync(lost, acceptor, sockets);
    }

    private void Take(MilterListener from)
    {
        if (loops is { First: { } loop })
        {
            var acceptor = new LoopAcceptor(loop, from.Descriptor, engine);
            acceptor.Start();
            loop.Acceptor = acceptor;
        }
        else
        {
            _sockets = new SocketAcceptor(from, engine, admission, settings.Time);
        }

        settings.Health.Listens(from.EndPoint, settings.Session.Limits);
        TransportLog.Listening(settings.Logger, settings.Health.Name, from.EndPoint);
    }

    private static async Task RetireAsync(MilterListener listener, LoopAcceptor? acceptor, SocketAcceptor? sockets)
    {
        acceptor?.Stop(listener.OwnsWaiting);
        if (sockets is not null)
        {
            await sockets.Stopped.ConfigureAwait(false);
        }

        listener.Dispose();
    }
}
