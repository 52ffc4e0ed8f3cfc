using System.Net.Sockets;
using Milter.Protocol;

namespace Milter.Runtime.Tests.Transport;

public abstract class ConnectionTests(MilterTransport transport)
{
    private static readonly byte[] s_session = [.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content, .. Mta.Quit];

    private const string Replies = "Occcccccca";

    [Fact]
    public async Task A_session_is_the_same_however_its_bytes_are_cut()
    {
        await using MilterServer server = await StartAsync(() => new ScriptedFilter { Eom = _ => new(Verdict.Accept) });
        for (int cut = 1; cut < s_session.Length; cut++)
        {
            using Mta mta = await Mta.ConnectAsync(server.EndPoint);
            await mta.SendAsync(s_session[..cut]);
            await mta.SendAsync(s_session[cut..]);

            Assert.Equal(Replies, await mta.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task A_session_is_the_same_byte_by_byte()
    {
        await using MilterServer server = await StartAsync(() => new ScriptedFilter { Eom = _ => new(Verdict.Accept) });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        foreach (byte b in s_session)
        {
            await mta.SendAsync([b]);
        }

        Assert.Equal(Replies, await mta.ReadToEndAsync());
    }

    [Fact]
    public async Task Large_frames_pass_whole_and_in_pieces()
    {
        var rcpt = 0;
        await using MilterServer server = await StartAsync(() => new ScriptedFilter { Rcpt = _ => new(++rcpt > 0 ? default(Verdict) : default) });
        byte[] chunk = Mta.Frames(buffer => CommandWriter.Body(buffer, new byte[MilterLimits.MaxPayload]));
        byte[] start = Mta.Frames(buffer =>
        {
            CommandWriter.Data(buffer);
            CommandWriter.Header(buffer, "Subject", "test");
            CommandWriter.EndOfHeaders(buffer);
        });
        byte[] end = Mta.Frames(CommandWriter.EndOfMessage);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occcc", await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt], 5));

        Assert.Equal("cccccc", await mta.SayAsync([.. start, .. chunk, .. chunk, .. chunk], 6));
        await mta.SendAsync(chunk[..10]);
        await mta.SendAsync(chunk[10..60_000]);
        Assert.Equal("c", await mta.SayAsync(chunk[60_000..], 1));
        Assert.Equal("c", await mta.SayAsync(end, 1));
    }

    [Fact]
    public async Task A_suspended_handler_holds_back_what_follows_and_nothing_is_lost()
    {
        var gate = new TaskCompletionSource();
        await using MilterServer server = await StartAsync(() => new ScriptedFilter
        {
            Rcpt = async step =>
            {
                ReadOnlyMemory<byte> seen = step.Memory;
                byte[] before = seen.ToArray();
                await gate.Task;
                return seen.Span.SequenceEqual(before) ? default : Verdict.Reject();
            },
        });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));

        // More than the buffer at rest holds, so that reading ahead has to go on in another.
        byte[] many = Mta.Frames(buffer => CommandWriter.Rcpt(buffer, $"<{new string('x', 3000)}@example.org>"));
        await mta.SendAsync([.. many, .. many, .. many, .. many, .. many, .. many]);
        gate.SetResult();

        Assert.Equal("cccccc", await mta.ReadAsync(6));
    }

    [Fact]
    public async Task The_token_fires_when_the_MTA_hangs_up()
    {
        var entered = new TaskCompletionSource();
        var fired = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        await using MilterServer server = await StartAsync(() => new ScriptedFilter
        {
            Rcpt = async step =>
            {
                using CancellationTokenRegistration registration = step.Cancellation.Register(fired.SetResult);
                entered.SetResult();
                await fired.Task;
                return default;
            },
            Closed = closed.SetResult,
        });
        using (Mta mta = await Mta.ConnectAsync(server.EndPoint))
        {
            await mta.SendAsync([.. Mta.UpToMail, .. Mta.Rcpt]);
            await entered.Task;
        }

        await fired.Task;
        await closed.Task;
    }

    [Fact]
    public async Task What_came_with_the_end_is_still_handled()
    {
        var recipients = 0;
        var closed = new TaskCompletionSource();
        await using MilterServer server = await StartAsync(() => new ScriptedFilter
        {
            Rcpt = async _ =>
            {
                await Task.Yield();
                recipients++;
                return default;
            },
            Closed = closed.SetResult,
        });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SendAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Rcpt, .. Mta.Rcpt, .. Mta.Rcpt[..^3]]);
        mta.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("Occcccc", await mta.ReadToEndAsync());
        await closed.Task;
        Assert.Equal(3, recipients);
    }

    [Theory]
    [InlineData("unix")]
    [InlineData("tcp")]
    public async Task A_reset_is_normal(string kind)
    {
        using var folder = new TemporaryFolder();
        var closed = new TaskCompletionSource();
        var services = new TestServices();
        await using MilterServer server = await MilterServer.StartAsync(
            kind == "unix" ? $"unix:{folder.Path}/s" : "inet:0@localhost", () => new ScriptedFilter { Closed = closed.SetResult }, options => options.Transport = transport, services);
        Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occcc", await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt, 0, 0], 5));
        mta.Reset();

        await closed.Task;
        await server.StopAsync();
        Assert.DoesNotContain(services.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x16, 0x03, 1, 2, 0, 1, 0, 1 })]
    [InlineData(new byte[] { (byte)'E', (byte)'H', (byte)'L', (byte)'O', (byte)' ', (byte)'a', 13, 10 })]
    public async Task What_is_not_the_protocol_is_closed(byte[] garbage)
    {
        await using MilterServer server = await StartAsync(() => new ScriptedFilter());
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SendAsync(garbage);

        Assert.Equal("", await mta.ReadToEndAsync());
    }

    [Fact]
    public async Task An_MTA_that_does_not_read_gets_everything_later()
    {
        const int Count = 400_000;
        using var folder = new TemporaryFolder();
        await using MilterServer server = await MilterServer.StartAsync($"unix:{folder.Path}/s", () => new ScriptedFilter(), options => options.Transport = transport);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));

        // More replies than the sockets' buffers hold: the server can't write and stops reading, so that nothing more can be sent either.
        byte[] all = [.. Enumerable.Repeat(Mta.Unknown, Count).SelectMany(frame => frame)];
        int sent = 0;
        while (mta.Socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite))
        {
            sent += mta.Socket.Send(all.AsSpan(sent, Math.Min(1000, all.Length - sent)));
        }

        Assert.True(sent < all.Length);
        Task sending = mta.SendAsync(all[sent..]);
        var bytes = new byte[1 << 16];
        long read = 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (read < Count * 5L)
        {
            int n = await mta.Socket.ReceiveAsync(bytes, patience.Token);
            Assert.NotEqual(0, n);
            read += n;
        }

        await sending;
        Assert.Equal(Count * 5L, read);
    }

    [Fact]
    public async Task What_a_handler_leaves_in_an_AsyncLocal_does_not_reach_the_next_one()
    {
        var local = new AsyncLocal<string>();
        var seen = new List<string?>();
        await using MilterServer server = await StartAsync(() => new ScriptedFilter
        {
            Rcpt = _ =>
            {
                seen.Add(local.Value);
                local.Value = "left behind";
                return default;
            },
        });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt], 5);
        await mta.SayAsync(Mta.Rcpt, 1);

        Assert.Equal([null, null], seen);
    }

    private Task<MilterServer> StartAsync(Func<ScriptedFilter> create) => MilterServer.StartAsync("inet:0@localhost", create, options => options.Transport = transport);
}
