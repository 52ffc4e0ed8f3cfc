using System.Net.Sockets;
using Milter.Protocol;
using Milter.Testing;

namespace Milter.Mta.Tests;

/// <summary>What a filter negotiates and answers, byte for byte.</summary>
/// <param name="Steps">What it does not want to be told, and which replies it waives.</param>
internal sealed record RawScript(ProtocolSteps Steps = ProtocolSteps.None)
{
    /// <summary>Gets the macros asked for.</summary>
    public IReadOnlyList<SymbolList> Lists { get; init; } = [];

    /// <summary>Gets what it answers to a packet, both written as in a recording and without the arrow; <see langword="null"/> for Continue.</summary>
    public Func<string, IReadOnlyList<string>?> Answer { get; init; } = static _ => null;
}

/// <summary>A filter for what no filter on the engine does. It serves any number of sessions, one after the other.</summary>
internal sealed class RawFilter : IAsyncDisposable
{
    private static readonly Dictionary<MilterCommand, ProtocolSteps> s_waivers = new()
    {
        [MilterCommand.Connect] = ProtocolSteps.NoReplyConnect,
        [MilterCommand.Helo] = ProtocolSteps.NoReplyHelo,
        [MilterCommand.Mail] = ProtocolSteps.NoReplyMail,
        [MilterCommand.Rcpt] = ProtocolSteps.NoReplyRcpt,
        [MilterCommand.Data] = ProtocolSteps.NoReplyData,
        [MilterCommand.Header] = ProtocolSteps.NoReplyHeader,
        [MilterCommand.EndOfHeaders] = ProtocolSteps.NoReplyEndOfHeaders,
        [MilterCommand.Body] = ProtocolSteps.NoReplyBody,
        [MilterCommand.Unknown] = ProtocolSteps.NoReplyUnknown,
    };

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly RawScript _script;
    private readonly Task _serving;

    public RawFilter(string path, RawScript script)
    {
        _script = script;
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using Socket mta = await _listener.AcceptAsync(_stop.Token);
            await using var stream = new NetworkStream(mta);
            byte[] received = [];
            byte[] buffer = new byte[65_536];
            while (await stream.ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                received = [.. received, .. buffer.AsSpan(0, count)];
                while (FrameReader.TryRead(received, int.MaxValue / 2, out Frame frame, out int length) == FrameStatus.Complete)
                {
                    byte[] answer = Answer(frame);
                    received = received[length..];
                    await stream.WriteAsync(answer, _stop.Token);
                }
            }
        }
    }

    private bool IsSilent(MilterCommand command) =>
        command is MilterCommand.Macro or MilterCommand.Abort or MilterCommand.Quit || (_script.Steps & s_waivers.GetValueOrDefault(command)) != 0;

    private byte[] Answer(in Frame frame)
    {
        using var output = new FrameBuffer();
        if (frame.Command == MilterCommand.OptNeg)
        {
            ReplyWriter.OptNeg(output, 6, MilterActions.All, _script.Steps, [.. _script.Lists]);
        }
        else if (!IsSilent(frame.Command))
        {
            string told = new RecordedFrame(false, frame.Code, frame.Payload.ToArray()).ToString()[2..];
            foreach (string line in _script.Answer(told) ?? ["c"])
            {
                RecordedFrame reply = RecordedFrame.Parse($"< {line}");
                output.WriteFrame(reply.Code, reply.Payload.Span);
            }
        }

        return output.WrittenSpan.ToArray();
    }
}
