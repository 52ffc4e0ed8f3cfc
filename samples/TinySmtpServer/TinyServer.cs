using System.Net;
using System.Net.Sockets;
using Milter.Client;

namespace TinySmtpServer;

/// <summary>An SMTP server for this machine alone, as small as can be, that asks a mail filter at every step.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly string _filter;
    private readonly Action<MailTransaction> _deliver;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private TinyServer(TcpListener listener, string filter, Action<MailTransaction> deliver)
    {
        _listener = listener;
        _filter = filter;
        _deliver = deliver;
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The port it listens on, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts it.</summary>
    /// <param name="port">The port; 0 for any.</param>
    /// <param name="filter">Where the filter listens.</param>
    /// <param name="deliver">Takes the messages that pass, as the filter has changed them.</param>
    public static TinyServer Start(int port, string filter, Action<MailTransaction> deliver)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return new TinyServer(listener, filter, deliver);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var lines = new SmtpLines(client.GetStream());
                var remote = (IPEndPoint)client.Client.RemoteEndPoint!;
                await new SmtpConversation(lines, remote, _filter, _deliver).RunAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The client is gone, or the server stops.
            }
        }
    }
}
