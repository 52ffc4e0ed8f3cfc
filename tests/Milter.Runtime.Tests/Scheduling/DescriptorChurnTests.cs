using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using Milter.CompilerServices;
using Milter.Limits;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Runtime.Tests.Transport;
using Milter.Session;
using Milter.Tests;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Protects that a descriptor is owned exactly once, while connections come and go in every way, some can't be had, and sessions are drained and cut.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
public sealed class DescriptorChurnTests : IConnectionOwner, IAcceptor
{
    private const int Clients = 8, Least = 250;

    // EMFILE, ENFILE, ENOMEM, ECONNABORTED.
    private static readonly int[] s_shortages = [24, 23, 12, 103];

    private readonly ConcurrentDictionary<int, bool> _open = new();
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly ConcurrentQueue<Connection> _ended = new();
    private readonly List<Loop> _loops = [];
    private LoopAcceptor _acceptor = null!;
    private int _asked;
    private int _failed;
    private int _served;

    bool IAcceptor.HasRoom => true;

    [SkippableFact]
    public async Task Each_descriptor_is_closed_once_and_used_by_nobody_afterwards()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "there are no loops");
        using var folder = new TemporaryFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        listener.Bind(new UnixDomainSocketEndPoint($"{folder.Path}/s"));
        listener.Listen(512);
        int number = (int)listener.Handle;
        _open[number] = true;
        for (int i = 0; i < 2; i++)
        {
            var loop = new Loop(new LoopHost(new LateHandlers(0), static () => { }, (what, e) => _faults.Add($"{what} {e}")), new GuardedKernel(_open, _faults, Shortage));
            loop.Start();
            _loops.Add(loop);
        }

        _acceptor = new LoopAcceptor(_loops[0], number, this);
        _loops[0].Acceptor = _acceptor;
        _acceptor.Start();

        // Numbers are given again at once, to others: who closes one twice closes a file of theirs.
        using var ends = new CancellationTokenSource();
        Task bystander = Task.Run(() => OpenAndRead(folder.Path, ends.Token));
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(i => Task.Factory.StartNew(() => Churn($"{folder.Path}/s", new Random(i)), TaskCreationOptions.LongRunning))];
        Task all = Task.WhenAll(clients);
        var random = new Random(99);
        while (!all.IsCompleted)
        {
            // What the server does meanwhile: it takes more once there are descriptors again, drains some sessions, and cuts some.
            _acceptor.Resume();
            foreach (Connection connection in _connections.Keys)
            {
                switch (random.Next(400))
                {
                    case 0:
                        connection.Abort();
                        break;
                    case 1:
                        connection.BeginDrain();
                        break;
                }
            }

            while (_ended.TryDequeue(out Connection? ended))
            {
                // Whoever stops the server may come a moment too late, when the number is another's.
                ended.Abort();
            }

            await Task.WhenAny(all, Task.Delay(1));
        }

        await all;
        foreach (Connection connection in _connections.Keys)
        {
            connection.Abort();
        }

        Assert.True(SpinWait.SpinUntil(() => _connections.IsEmpty, TimeSpan.FromMinutes(1)), $"{_connections.Count} connections are left");
        _acceptor.Stop(takesWaiting: false);
        await ends.CancelAsync();
        await bystander;
        _open.TryRemove(number, out _);
        foreach (Loop loop in _loops)
        {
            loop.Dispose();
        }

        Assert.Empty(_faults);
        Assert.Empty(_open);
        Assert.True(_served >= Clients * Least && _failed > 10, $"{_served} served, {_failed} times there was no descriptor");
    }

    void IAcceptor.Serve(int descriptor, PeerAddress? peer)
    {
        int served = Interlocked.Increment(ref _served);
        Loop loop = _loops[served % _loops.Count];
        SessionSettings settings = SessionSettings.Of(SessionDriver.Need((MilterStages)0x3FFF), _ => new TestFilter(Answer), new NoServices(), new TestLog(), new MilterOptions());
        var connection = new Connection(this, settings, new LoopWire(loop, loop.Kernel, descriptor, isTcp: false), $"c{served}", "test");
        _connections[connection] = connection.Ended;
        connection.Start();
    }

    void IAcceptor.AcceptFailed(string reason, Exception? exception) => Interlocked.Increment(ref _failed);

    void IConnectionOwner.Wake()
    {
    }

    void IConnectionOwner.BeforeBlocking()
    {
    }

    void IConnectionOwner.Ended(Connection? connection)
    {
        _connections.TryRemove(connection!, out _);
        _ended.Enqueue(connection!);
    }

    // The refusal names the sender, so that another connection's answer shows.
    private static async ValueTask<Verdict> Answer(MilterStages stage, StepContext step)
    {
        if (stage != MilterStages.Mail)
        {
            return default;
        }

        string sender = step.Address.Address;
        if (step.Address.LocalPart.EndsWith('7'))
        {
            await Task.Yield();
        }

        return Verdict.Reject(550, "5.7.1", sender);
    }

    private int Shortage()
    {
        int asked = Interlocked.Increment(ref _asked);
        return asked % 50 == 0 ? s_shortages[asked / 50 % s_shortages.Length] : 0;
    }

    private void Churn(string path, Random random)
    {
        byte[] input = new byte[4096];
        using var frames = new FrameBuffer();
        for (int i = 0; i < Least || Volatile.Read(ref _served) < Clients * Least; i++)
        {
            string sender = $"{random.Next(1_000_000)}@example.test";
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                frames.Clear();
                CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
                CommandWriter.Mail(frames, $"<{sender}>");
                int cut = random.Next(4) == 0 ? random.Next(frames.Length) : frames.Length;
                socket.Send(frames.WrittenSpan[..cut]);
                if (cut < frames.Length || random.Next(4) == 0)
                {
                    // Gone in the middle of a frame, or with what it is owed unread.
                    continue;
                }

                Check(sender, socket, input);
                frames.Clear();
                CommandWriter.Quit(frames);
                if (random.Next(2) == 0)
                {
                    socket.Send(frames.WrittenSpan);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
            {
                // Cut by the server, as some are.
            }
        }
    }

    private void Check(string sender, Socket socket, byte[] input)
    {
        var said = new StringBuilder();
        while (!said.ToString().Contains("@example.test", StringComparison.Ordinal) && !said.ToString().Contains("421 ", StringComparison.Ordinal))
        {
            int count = socket.Receive(input);
            if (count == 0)
            {
                return;
            }

            said.Append(Encoding.Latin1.GetString(input, 0, count));
        }

        if (!said.ToString().Contains($" {sender}", StringComparison.Ordinal) && !said.ToString().Contains("421 ", StringComparison.Ordinal))
        {
            _faults.Add($"{sender} was told {said}");
        }
    }

    private void OpenAndRead(string folder, CancellationToken ends)
    {
        string path = Path.Combine(folder, "other");
        File.WriteAllText(path, "mine");
        while (!ends.IsCancellationRequested)
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                using var reader = new StreamReader(file);
                if (reader.ReadToEnd() != "mine")
                {
                    _faults.Add("a file was another's");
                }
            }
            catch (IOException e)
            {
                _faults.Add($"a file was closed by somebody else: {e.Message}");
            }
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
