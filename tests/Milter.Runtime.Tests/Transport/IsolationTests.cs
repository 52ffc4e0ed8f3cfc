using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Milter.CompilerServices;
using Milter.Listening;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Session;
using Milter.Tests;
using Milter.Transport;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects all other connections, and the process, from what goes wrong in one: on real sockets.</summary>
public abstract class IsolationTests(MilterTransport transport)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // Handlers that run because the connection has ended are watched by nobody: OnClose's token never fires.
    [Fact]
    public async Task OnClose_of_a_lost_connection_has_a_budget()
    {
        var fired = new TaskCompletionSource();
        await using Server server = await StartAsync((at, step) => at == MilterStages.Close ? Obey(step.Cancellation) : default);
        using (Socket mta = await server.ConnectAsync())
        {
            await Negotiate(mta);
            await Ask(mta, b => CommandWriter.Helo(b, "x"));
        }

        await fired.Task.WaitAsync(s_patience);

        async ValueTask<Verdict> Obey(CancellationToken token)
        {
            var never = new TaskCompletionSource();
            using CancellationTokenRegistration registration = token.Register(() =>
            {
                fired.TrySetResult();
                never.TrySetResult();
            });
            await never.Task;
            return default;
        }
    }

    // One watchdog for all: a callback that blocks at one connection leaves all others without progress and expiry.
    [Fact]
    public async Task A_callback_that_blocks_at_one_connection_leaves_the_others_their_progress()
    {
        using var release = new ManualResetEventSlim();
        var blocks = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        await using Server server = await StartAsync((at, step) => at switch
        {
            MilterStages.Rcpt => Stuck(step.Cancellation),
            MilterStages.Eom => Slow(),
            _ => default,
        });
        using Socket stuck = await server.ConnectAsync();
        using Socket other = await server.ConnectAsync();
        try
        {
            await Negotiate(stuck);
            await Negotiate(other);
            await Send(stuck, b => CommandWriter.Rcpt(b, "<a@b>"));
            await blocks.Task.WaitAsync(s_patience);
            await Send(other, CommandWriter.EndOfMessage);
            Assert.Equal((byte)'p', (await Receive(other).WaitAsync(s_patience))[^1]);
        }
        finally
        {
            release.Set();
            done.SetResult();
        }

        async ValueTask<Verdict> Stuck(CancellationToken token)
        {
            using CancellationTokenRegistration registration = token.Register(() =>
            {
                blocks.SetResult();
                release.Wait(CancellationToken.None);
            });
            await Task.Delay(Timeout.Infinite, token);
            return default;
        }

        async ValueTask<Verdict> Slow()
        {
            await done.Task;
            return default;
        }
    }

    // A logging provider that throws in the watchdog's tick: with the real timer that is an unhandled exception, and the process is gone.
    [Fact]
    public async Task What_throws_in_the_watchdog_stays_with_its_connection()
    {
        var time = new ManualTime();
        var entered = new TaskCompletionSource();
        var log = new Faulty(205);
        await using Server server = await StartAsync((at, _) => at == MilterStages.Rcpt ? Late() : default, time, log);
        using Socket mta = await server.ConnectAsync();
        await Negotiate(mta);
        await Send(mta, b => CommandWriter.Rcpt(b, "<a@b>"));
        await entered.Task.WaitAsync(s_patience);
        Exception? escaped = null;
        for (int i = 0; i < 6_000 && !log.HasThrown && escaped is null; i++)
        {
            await Task.Delay(10);
            escaped = Record.Exception(() => time.Advance(TimeSpan.FromSeconds(1)));
        }

        Assert.Null(escaped);
        Assert.True(log.HasThrown);

        async ValueTask<Verdict> Late()
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return default;
        }
    }

    private static Task Negotiate(Socket mta) => Ask(mta, b => CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF));

    private static async Task Ask(Socket mta, Action<FrameBuffer> write)
    {
        await Send(mta, write);
        await Receive(mta).WaitAsync(s_patience);
    }

    private static async Task Send(Socket mta, Action<FrameBuffer> write)
    {
        using var buffer = new FrameBuffer();
        write(buffer);
        await mta.SendAsync(buffer.WrittenMemory, SocketFlags.None);
    }

    private static async Task<byte[]> Receive(Socket mta)
    {
        byte[] buffer = new byte[4096];
        int count = await mta.ReceiveAsync(buffer.AsMemory(), SocketFlags.None);
        return buffer[..count];
    }

    private Task<Server> StartAsync(Func<MilterStages, StepContext, ValueTask<Verdict>> on, TimeProvider? time = null, ILogger? logger = null) =>
        Server.StartAsync(transport, on, time, logger);

    private sealed class Server : IAsyncDisposable
    {
        private MilterEngine _engine = null!;
        private ManualTime? _time;

        public static async Task<Server> StartAsync(MilterTransport transport, Func<MilterStages, StepContext, ValueTask<Verdict>> on, TimeProvider? time = null, ILogger? logger = null)
        {
            var options = new MilterOptions
            {
                CommandBudget = TimeSpan.FromSeconds(1),
                ProgressInterval = TimeSpan.FromSeconds(1),
                DrainTimeout = TimeSpan.FromMilliseconds(100),
                Transport = transport,
            };
            var settings = new EngineSettings
            {
                Listen = new ListenSettings { EndPoint = MilterEndPoint.Parse("inet:0@127.0.0.1") },
                Session = SessionSettings.Of(SessionDriver.Everything(), _ => new TestFilter(on), new Nothing(), logger ?? new TestLog(), options) with { Time = time ?? TimeProvider.System },
                Health = new MilterHealth("test"),
            };
            return new Server { _engine = await MilterEngine.StartAsync(settings, CancellationToken.None), _time = time as ManualTime };
        }

        public async Task<Socket> ConnectAsync()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, _engine.EndPoint.Port);
            return socket;
        }

        // Handlers that never return are left behind after a moment, which passes on the server's clock.
        public async ValueTask DisposeAsync()
        {
            Task disposal = _engine.DisposeAsync().AsTask();
            while (!disposal.IsCompleted)
            {
                _time?.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(disposal, Task.Delay(10));
            }
        }
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private sealed class Faulty(int at) : ILogger
    {
        private volatile bool _hasThrown;

        public bool HasThrown => _hasThrown;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == at)
            {
                _hasThrown = true;
                throw new AggregateException("An error occurred while writing to logger(s).");
            }
        }
    }
}
