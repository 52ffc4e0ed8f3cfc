using System.Net;
using System.Net.Sockets;

namespace Milter.Mta.Tests;

/// <summary>How servers start, stop and find their milter.</summary>
[Collection(MtaCollections.Both)]
public sealed class LifetimeTests
{
    public static TheoryData<MtaKind> Servers => BothServersTests.Servers;

    public static TheoryData<MtaKind, bool> Endpoints => new()
    {
        { MtaKind.Postfix, false }, { MtaKind.Postfix, true }, { MtaKind.Sendmail, false }, { MtaKind.Sendmail, true },
    };

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Nothing_is_left_of_a_stopped_server(MtaKind kind)
    {
        await using var sink = new MessageSink();
        MtaServer server = await MtaServer.StartAsync(kind, new(), sink);
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();
        await session.CommandAsync("MAIL FROM:<sender@example.org>", 250);
        Assert.NotEmpty(server.ProcessIds);

        await server.DisposeAsync();

        Assert.Empty(server.ProcessIds);
        Assert.False(Directory.Exists(server.Folder.Path));
        await session.WaitForCloseAsync();
        await Assert.ThrowsAnyAsync<SocketException>(server.ConnectAsync);
    }

    [SkippableTheory, MemberData(nameof(Endpoints))]
    public async Task A_milter_is_called_at_its_endpoint(MtaKind kind, bool unix)
    {
        await MtaRequirement.DemandAsync(kind);
        using WorkFolder folder = WorkFolder.Create("test");
        string path = folder.SocketPath();
        using var listener = new Socket(unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(unix ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        if (unix)
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        }

        await using var sink = new MessageSink();
        MilterEndpoint endpoint = unix ? MilterEndpoint.Unix(path) : MilterEndpoint.Tcp(((IPEndPoint)listener.LocalEndPoint!).Port);
        await using MtaServer server = await MtaServer.StartAsync(
            kind, new() { Milters = [endpoint], Postfix = new() { MilterProtocol = 4 } }, sink);
        Task<SmtpClientSession> connecting = server.ConnectAsync();

        byte[] negotiation = new byte[9];
        using (var timeout = new CancellationTokenSource(Deadline.Generous))
        using (Socket milter = await listener.AcceptAsync(timeout.Token))
        {
            await using var stream = new NetworkStream(milter);
            await stream.ReadExactlyAsync(negotiation, timeout.Token);
        }

        await using SmtpClientSession session = await connecting;
        byte version = kind == MtaKind.Postfix ? (byte)4 : (byte)6;
        Assert.Equal([0, 0, 0, 13, (byte)'O', 0, 0, 0, version], negotiation);
        SmtpReply[] replies = [session.Greeting, await session.CommandAsync("EHLO x"), await session.CommandAsync("MAIL FROM:<a@example.org>")];
        Assert.Contains(replies, reply => reply.Code is 451);
    }
}
