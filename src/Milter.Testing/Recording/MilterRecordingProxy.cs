using System.Net;
using System.Net.Sockets;
using Milter.Client;

namespace Milter.Testing;

/// <summary>Stands between a real MTA and its filter, passes everything on, and records each session to a file.</summary>
/// <remarks>For a test bed: it holds the packets of a session in memory until its end.</remarks>
public sealed class MilterRecordingProxy : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly EndPoint _filter;
    private readonly string _folder;
    private readonly RecordingParts _keep;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _sessions = [];
    private readonly Task _accepting;
    private int _count;

    private MilterRecordingProxy(Socket listener, EndPoint filter, string folder, RecordingParts keep)
    {
        _listener = listener;
        _filter = filter;
        _folder = folder;
        _keep = keep;
        _accepting = AcceptAsync();
    }

    /// <summary>Gets where it listens.</summary>
    public EndPoint LocalEndPoint => _listener.LocalEndPoint!;

    /// <summary>Starts a proxy.</summary>
    /// <param name="listen">Where to listen, in a spelling of <see cref="MilterEndPoint"/>: <c>inet:port@host</c>, <c>unix:/path</c>. Host names other than <c>localhost</c> are not looked up.</param>
    /// <param name="filter">Where the filter listens.</param>
    /// <param name="folder">The folder for the files <c>session-0001.milter</c> and so on; it has to exist.</param>
    /// <param name="keep">What of the mail is kept; nothing by default.</param>
    /// <returns>The proxy. Dispose of it to end it.</returns>
    /// <exception cref="MilterEndPointException">One of the two is written in no known spelling.</exception>
    public static MilterRecordingProxy Start(string listen, string filter, string folder, RecordingParts keep = RecordingParts.None)
    {
        EndPoint local = MilterEndPoint.Parse(listen).ToListenAddress();
        EndPoint target = MilterEndPoint.Parse(filter).ToConnectAddress();
        var listener = local is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(local.AddressFamily == AddressFamily.Unspecified ? AddressFamily.InterNetwork : local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(local);
            listener.Listen();
            return new MilterRecordingProxy(listener, target, folder, keep);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Ends the proxy, and the sessions that are open; their files are written.</summary>
    /// <returns>A task that ends when all files are written.</returns>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_sessions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket mta = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
            _sessions.Add(PassAsync(mta, Interlocked.Increment(ref _count)));
        }
    }

    private async Task PassAsync(Socket mta, int number)
    {
        var session = new Session(new MilterRecording(_keep));
        using (mta)
        {
            await PassingOn.RunAsync(mta, _filter, session, _stop.Token).ConfigureAwait(false);
        }

        session.Recording.Save(Path.Combine(_folder, $"session-{number:D4}.milter"));
    }

    // Whatever goes wrong on the way, the session is at its end, and what was said is recorded.
    private sealed record Session(MilterRecording Recording) : IPassedOn
    {
        public void See(bool fromFilter, byte code, ReadOnlySpan<byte> payload) => Recording.Add(fromFilter, code, payload);

        public void Complain(string what)
        {
        }

        public void End(string how)
        {
        }
    }
}
