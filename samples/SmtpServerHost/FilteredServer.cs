using System.Net;
using Milter.Client;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Net;

namespace Samples.SmtpServerHost;

/// <summary>An SMTP server of the library SmtpServer that asks a mail filter about each message.</summary>
internal sealed class FilteredServer : IAsyncDisposable
{
    // A client that is refused is answered by an exception, which SmtpServer counts as a fault of the client's, and closes on the fifth: a client with five unknown recipients would lose its session.
    private const int ManyRefusals = 1000;

    private readonly CancellationTokenSource _stop;
    private readonly Task _serving;

    private FilteredServer(int port, Task serving, CancellationTokenSource stop) => (Port, _serving, _stop) = (port, serving, stop);

    /// <summary>The port it listens on, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts it.</summary>
    /// <param name="port">The port; 0 for any.</param>
    /// <param name="filter">Where the filter listens.</param>
    /// <param name="deliver">Takes the messages that pass, as the filter has changed them.</param>
    public static async Task<FilteredServer> StartAsync(int port, string filter, Action<MailTransaction> deliver)
    {
        ISmtpServerOptions options = new SmtpServerOptionsBuilder()
            .ServerName("mx.example.test")
            .MaxRetryCount(ManyRefusals)
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)))
            .Build();
        var mail = new FilteredMail(filter, deliver);
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listeners = new EndpointListenerFactory();
        listeners.EndpointStarted += (_, started) => listening.TrySetResult(((IPEndPoint)started.LocalEndPoint).Port);
        var services = new ServiceProvider();
        services.Add(listeners);
        services.Add((SmtpServer.Storage.IMailboxFilter)mail);
        services.Add((SmtpServer.Storage.IMessageStore)mail);
        var server = new SmtpServer.SmtpServer(options, services);
        server.SessionCreated += (_, session) => mail.Begin(session.Context);
        server.SessionCompleted += (_, session) => mail.End(session.Context);
        server.SessionFaulted += (_, session) => mail.End(session.Context);
        server.SessionCancelled += (_, session) => mail.End(session.Context);
        var stop = new CancellationTokenSource();
        Task serving = server.StartAsync(stop.Token);
        return await Task.WhenAny(listening.Task, serving) == serving ? throw new IOException("It does not listen.", serving.Exception) : new FilteredServer(await listening.Task, serving, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
