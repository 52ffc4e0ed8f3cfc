using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>A filter that says whatever a test wants, byte for byte, and keeps what it was told.</summary>
internal sealed class ScriptedFilter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<MilterCommand, byte[]?> _answer;
    private readonly ConcurrentQueue<string> _told = new();
    private readonly Task _serving;

    /// <param name="answer">What to send for a command: frames; empty for nothing, null to hang up.</param>
    /// <param name="agreement">The answer to the negotiation.</param>
    public ScriptedFilter(Func<MilterCommand, byte[]?> answer, byte[]? agreement = null)
    {
        _answer = command => command == MilterCommand.OptNeg ? agreement ?? Agree() : answer(command);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string EndPoint => $"inet:{((IPEndPoint)_listener.LocalEndpoint).Port}@127.0.0.1";

    /// <summary>What came, in short: code and payload.</summary>
    public IReadOnlyCollection<string> Told => _told;

    public IEnumerable<string> Codes => Told.Select(frame => frame[..1]);

    public static byte[] Agree(ProtocolSteps steps = 0, MilterActions actions = MilterActions.All, uint version = 6, params SymbolList[] lists) =>
        Frames(buffer => ReplyWriter.OptNeg(buffer, version, actions, steps, lists));

    public static byte[] Say(MilterReply reply) => [0, 0, 0, 1, (byte)reply];

    public static byte[] Raw(char code, string payload) => Frames(buffer => buffer.WriteFrame((byte)code, WireText.GetBytes(payload)));

    public static byte[] Frames(params Action<FrameBuffer>[] writes)
    {
        using var buffer = new FrameBuffer();
        foreach (Action<FrameBuffer> write in writes)
        {
            write(buffer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Waits until the MTA has hung up.</summary>
    public Task EndedAsync() => _serving.WaitAsync(TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        using Socket socket = await _listener.AcceptSocketAsync();
        await using var stream = new NetworkStream(socket);
        byte[] received = [];
        byte[] buffer = new byte[65536];
        while (await stream.ReadAsync(buffer) is > 0 and var count)
        {
            received = [.. received, .. buffer.AsSpan(0, count)];
            while (FrameReader.TryRead(received, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
            {
                _told.Enqueue($"{(char)frame.Code}{WireText.GetString(frame.Payload).Replace('\0', '|')}");
                MilterCommand command = frame.Command;
                received = received[length..];
                bool isSilent = command is MilterCommand.Macro or MilterCommand.Abort or MilterCommand.Quit or MilterCommand.QuitNewConnection;
                byte[]? answer = isSilent ? [] : _answer(command);
                if (answer is null)
                {
                    return;
                }

                await stream.WriteAsync(answer);
            }
        }
    }
}
