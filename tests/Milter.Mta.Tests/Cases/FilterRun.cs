using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Milter.CompilerServices;

namespace Milter.Mta.Tests;

/// <summary>A filter that runs in this process, and the mail server that calls it.</summary>
public sealed class FilterRun : IAsyncDisposable
{
    /// <summary>The variable that names the transport of all filters (<see cref="MilterTransport"/>), where it is not to be the default.</summary>
    public const string TransportVariable = "ATTRMILTER_TRANSPORT";

    /// <summary>The variable with which all filters are reached through stunnel.</summary>
    public const string TlsVariable = "ATTRMILTER_THROUGH_TLS";

    private const string Sender = "<sender@example.org>";

    private FilterRun(MtaServer server, MilterServer filter, EngineLog log, Tunnel? tunnel) => (Server, Filter, Log, Tunnel) = (server, filter, log, tunnel);

    /// <summary>What encrypts, if it is to.</summary>
    public Tunnel? Tunnel { get; }

    /// <summary>The mail server.</summary>
    public MtaServer Server { get; }

    /// <summary>The server of the filter.</summary>
    public MilterServer Filter { get; }

    /// <summary>What the engine logged.</summary>
    public EngineLog Log { get; }

    /// <summary>Starts a filter where the mail server looks for it.</summary>
    public static async Task<FilterRun> StartAsync<T>(
        MtaServer server, string endPoint, Func<T>? create, Action<MilterOptions>? configure, Action<IServiceCollection>? services, bool throughTls = false)
        where T : class, IMilter<T>
    {
        var log = new EngineLog();
        IServiceCollection collection = new ServiceCollection().AddSingleton<ILoggerFactory>(log);
        services?.Invoke(collection);
        ServiceProvider provider = collection.BuildServiceProvider();
        Tunnel? tunnel = throughTls || Environment.GetEnvironmentVariable(TlsVariable) == "1" ? new Tunnel(endPoint) : null;
        endPoint = tunnel is null ? endPoint : "inet:0@127.0.0.1";
        Action<MilterOptions> options = options =>
        {
            options.SocketMode = "0666";
            options.Transport = Enum.TryParse(Environment.GetEnvironmentVariable(TransportVariable), out MilterTransport transport) ? transport : default;
            configure?.Invoke(options);
            if (tunnel is not null)
            {
                options.UseTls(tunnel.Configure);
            }
        };
        MilterServer filter = create is null
            ? await MilterServer.StartAsync<T>(endPoint, options, provider)
            : await MilterServer.StartAsync(endPoint, create, options, provider);
        if (tunnel is not null)
        {
            await tunnel.StartAsync(filter.EndPoint.Port);
        }

        return new FilterRun(server, filter, log, tunnel);
    }

    /// <summary>Connects and, if so wished, says EHLO; failures show what the engine logged.</summary>
    public async Task<SmtpClientSession> OpenAsync(bool hello = true)
    {
        SmtpClientSession session = await SmtpClientSession.ConnectAsync(
            Server.Port, () => $"--- log of the filter:\n{string.Join('\n', Log.Lines)}\n{Server.LogTail}");
        if (hello)
        {
            await session.EhloAsync();
        }

        return session;
    }

    /// <summary>Sends a message in a session of its own; the result is the first reply that is a no, or the last one.</summary>
    public async Task<SmtpReply> SendAsync(string to, string message, string from = Sender)
    {
        await using SmtpClientSession session = await OpenAsync();
        SmtpReply reply = await session.SendAsync(from, [$"<{to}>"], message);
        if (reply.Code != 421)
        {
            await session.QuitAsync();
        }

        return reply;
    }

    /// <summary>Sends a message that must pass, and waits until it is delivered.</summary>
    public async Task<SinkMessage> PassAsync(string message, string? to = null, string? deliveredTo = null, string from = Sender)
    {
        to ??= Mail.NewAddress();
        SmtpReply reply = await SendAsync(to, message, from);
        Assert.True(reply.Code == 250, $"{reply}\n{string.Join('\n', Log.Lines)}\n{Server.LogTail}");
        return await DeliveredAsync(deliveredTo ?? to);
    }

    /// <summary>Waits until something is delivered to an address.</summary>
    public Task<SinkMessage> DeliveredAsync(string to) => Server.WaitForDeliveryAsync(message => message.IsFor(to));

    /// <summary>Checks that nothing was delivered to an address, once a message that was sent after it has come.</summary>
    public async Task AssertNotDeliveredAsync(string to)
    {
        string fence = Mail.NewAddress("fence");
        await using SmtpClientSession session = await OpenAsync();
        SmtpReply reply = await session.SendAsync(Sender, [$"<{fence}>"], Mail.Message());
        Assert.Equal(250, reply.Code);
        await DeliveredAsync(fence);
        Assert.DoesNotContain(Server.Sink.Messages, message => message.IsFor(to));
    }

    /// <summary>Stops the filter at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await Filter.DisposeAsync();
        if (Tunnel is not null)
        {
            await Tunnel.DisposeAsync();
        }
    }
}
