using System.Net;
using System.Net.Sockets;
using Milter.Protocol;
using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

public abstract class ShortageTests(MilterTransport transport) : IDisposable
{
    // More than the kernel's buffers hold, in replies of some 900 bytes each.
    private const int Asked = 20_000;

    private static readonly byte[] s_asks = Mta.Frames(buffer =>
    {
        CommandWriter.OptNeg(buffer, 6, (MilterActions)0x1ff, (ProtocolSteps)0x1fffff);
        CommandWriter.Macros(buffer, MilterCommand.Mail, [new("i", "OWES1")]);
        CommandWriter.Mail(buffer, "<a@example.org>");
        for (int i = 0; i < Asked; i++)
        {
            CommandWriter.Rcpt(buffer, "<b@example.org>");
        }
    });

    private readonly TestServices _services = new() { Time = new ManualTime() };

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Where_memory_is_scarce_the_connection_goes_that_owes_most_and_has_taken_nothing_for_30_s_and_no_other()
    {
        await using MilterServer server = await MilterServer.StartAsync(
            "inet:0@localhost",
            () => new ScriptedFilter { Rcpt = _ => new(Verdict.Reject(550, "5.7.1", new string('x', 900))) },
            options =>
            {
                options.Transport = transport;
                options.MemoryBudget = 20_000;

                // Time passes while the filter is at work, too.
                options.CommandBudget = TimeSpan.FromMinutes(4);
            },
            _services);
        using Mta listens = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await listens.SayAsync(Mta.UpToMail, 4));
        using var owes = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await owes.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.EndPoint.Port));
        using var stop = new CancellationTokenSource();
        Task asks = SendAsync(owes, stop.Token);

        while (!_services.Log.Any(static line => line.StartsWith("Warning 113", StringComparison.Ordinal)))
        {
            _services.Time!.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(asks, Task.Delay(1));
            Assert.True(_services.Time!.Elapsed < TimeSpan.FromSeconds(6000), string.Join('\n', _services.Log));
        }

        Assert.Contains(_services.Log, static line => line.StartsWith("Warning 113", StringComparison.Ordinal) && line.Contains(" OWES1: memory is scarce (option MemoryBudget)", StringComparison.Ordinal));
        Assert.True(_services.Time!.Elapsed >= TimeSpan.FromSeconds(30));
        Assert.Equal("c", await listens.SayAsync(Mta.Unknown, 1));
        Assert.Single(_services.Log, static line => line.StartsWith("Warning 113", StringComparison.Ordinal));
        await stop.CancelAsync();
        await asks;
    }

    // What can't be sent any more, since nobody reads it, is given up with the connection.
    private static async Task SendAsync(Socket socket, CancellationToken ct)
    {
        try
        {
            for (ReadOnlyMemory<byte> rest = s_asks; !rest.IsEmpty;)
            {
                rest = rest[await socket.SendAsync(rest, ct)..];
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
        }
    }
}
