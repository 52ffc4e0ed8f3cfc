using System.Net;
using System.Net.Sockets;
using Milter.Client;
using Milter.Protocol;

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
        var listener = NewSocket(local);
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

    private static Socket NewSocket(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(endPoint.AddressFamily == AddressFamily.Unspecified ? AddressFamily.InterNetwork : endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

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
        var recording = new MilterRecording(_keep);
        using (mta)
        using (Socket filter = NewSocket(_filter))
        {
            try
            {
                await filter.ConnectAsync(_filter, _stop.Token).ConfigureAwait(false);
                await Task.WhenAll(PumpAsync(mta, filter, recording, fromFilter: false), PumpAsync(filter, mta, recording, fromFilter: true)).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // One of them is gone: the session is at its end.
            }
        }

        recording.Save(Path.Combine(_folder, $"session-{number:D4}.milter"));
    }

    private async Task PumpAsync(Socket from, Socket to, MilterRecording recording, bool fromFilter)
    {
        byte[] bytes = [];
        byte[] buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false) is > 0 and var count)
        {
            bytes = [.. bytes, .. buffer.AsSpan(0, count)];
            while (FrameReader.TryRead(bytes, int.MaxValue / 2, out Frame frame, out int length) == FrameStatus.Complete)
            {
                recording.Add(fromFilter, frame.Code, frame.Payload);
                bytes = bytes[length..];
            }

            await SendAllAsync(to, buffer.AsMemory(0, count)).ConfigureAwait(false);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, _stop.Token).ConfigureAwait(false)..];
        }
    }
}
