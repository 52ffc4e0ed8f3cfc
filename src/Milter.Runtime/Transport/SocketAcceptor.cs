using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Milter.Listening;

namespace Milter.Transport;

/// <summary>Takes connections by the platform's sockets.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "Its source has no timer and no handle.")]
internal sealed class SocketAcceptor
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly MilterListener _listener;
    private readonly MilterEngine _engine;
    private readonly Admission _admission;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _accepting = new();

    public SocketAcceptor(MilterListener listener, MilterEngine engine, Admission admission, TimeProvider time)
    {
        _listener = listener;
        _engine = engine;
        _admission = admission;
        _time = time;
        Stopped = Task.Run(AcceptAsync);
    }

    /// <summary>Gets what completes when no more connections are taken. Never faults.</summary>
    public Task Stopped { get; }

    /// <summary>Takes those that wait, and then no more.</summary>
    public void Stop() => _accepting.Cancel();

    private async Task AcceptAsync()
    {
        while (true)
        {
            bool drains = _accepting.IsCancellationRequested;
            try
            {
                // Those that wait when the draining begins are still taken, to be told 421.
                if (drains && !_listener.HasWaiting())
                {
                    return;
                }

                if (!drains && !_admission.HasRoom)
                {
                    await Task.Delay(s_pause, _time, _accepting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }

                Socket socket = await _listener.AcceptAsync(drains ? CancellationToken.None : _accepting.Token).ConfigureAwait(false);
                _engine.Serve(socket, PeerAddress.Of(socket));
            }
            catch (OperationCanceledException)
            {
                // The draining begins.
            }
            catch (Exception) when (drains)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // That peer has left again.
            }
#pragma warning disable CA1031 // Whatever it is, the next connection must still be taken.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _engine.AcceptFailed(e.Message, e);
                await Task.Delay(s_pause, _time, _accepting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
