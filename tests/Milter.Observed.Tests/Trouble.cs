using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Observed.Tests;

/// <summary>Makes happen what alarms are for: a counter is on no page before it has counted.</summary>
internal static partial class Trouble
{
    public static async Task MakeAsync()
    {
        await using MilterServer server = await MilterServer.StartAsync<TroubledFilter>("inet:0@127.0.0.1", static options =>
        {
            options.MaxConnections = 1;
            options.ExpiryGrace = TimeSpan.Zero;
            options.DrainTimeout = TimeSpan.Zero;
        });
        string endPoint = server.EndPoint.ToString();
        await PlayAsync(server, "throws");

        // The one whose time is to be spent has little of it; the others have what a slow machine takes.
        TimeSpan usual = new MilterOptions().CommandBudget;
        server.Reload(static options => options.CommandBudget = TimeSpan.FromMilliseconds(300));
        await PlayAsync(server, "stays");
        server.Reload(options => options.CommandBudget = usual);
        await BlockAsync(server);

        // Two at a time are over the limit.
        await using (await MilterConnection.OpenAsync(endPoint))
        {
            await SayAsync(endPoint, "refused");
        }

        using (Socket scan = await DialAsync(server))
        {
            await scan.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            while (await scan.ReceiveAsync(new byte[64]) > 0)
            {
                // It closes.
            }
        }

        await using MilterServer closed = await MilterServer.StartAsync<TroubledFilter>("inet:0@127.0.0.1", static options => options.AllowedNetworks = ["192.0.2.1"]);
        using Socket denied = await DialAsync(closed);
        while (await denied.ReceiveAsync(new byte[64]) > 0)
        {
            // It closes.
        }
    }

    // Whether a thread that waits is caught is the clock's affair, which looks now and then: again, until one is.
    private static async Task BlockAsync(MilterServer server)
    {
        int caught = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "attrmilter.handler.blocks")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref caught, (int)count));
        listener.Start();
        for (int i = 0; i < 50 && Volatile.Read(ref caught) == 0; i++)
        {
            await PlayAsync(server, "blocks");
        }
    }

    // Until the server has counted the connection out: the next is the only one again.
    private static async Task PlayAsync(MilterServer server, string sender)
    {
        await SayAsync(server.EndPoint.ToString(), sender);
        while (server.Health.Connections > 0)
        {
            await Task.Delay(1);
        }
    }

    private static async Task SayAsync(string endPoint, string sender)
    {
        await using MilterConnection connection = await MilterConnection.OpenAsync(endPoint);
        await connection.ConnectAsync(new SmtpSession(SmtpClientInfo.At("192.0.2.7")));
        await connection.HeloAsync("mx.example.net");
        await connection.MailAsync(new MailTransaction { Sender = $"{sender}@example.net" });
        await connection.QuitAsync();
    }

    private static async Task<Socket> DialAsync(MilterServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.EndPoint.Port);
        return socket;
    }

#pragma warning disable MILTER080, MILTER120 // That it does what it should not is what it is for.
    [Milter]
    internal sealed partial class TroubledFilter
    {
        [OnHelo]
        private static Verdict Helo() => Verdict.Skip;

        [OnMail]
        private static async Task<Verdict> From(EnvelopeAddress sender)
        {
            switch (sender.LocalPart)
            {
                case "throws":
                    throw new FormatException("as asked for");
                case "blocks":
                    Thread.Sleep(200);
                    return Verdict.Continue;
                case "stays":
                    await Task.Delay(Timeout.Infinite);
                    return Verdict.Continue;
                default:
                    return Verdict.Continue;
            }
        }

        [OnEom]
        private static Verdict End() => Verdict.Accept;
    }
#pragma warning restore MILTER080, MILTER120
}
