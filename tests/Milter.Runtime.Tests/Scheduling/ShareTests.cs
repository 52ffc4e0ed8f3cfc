using Milter.Protocol;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Protects connections from one beside them whose peer never stops: each has its share, then the others have theirs.</summary>
public sealed class ShareTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly LoopBench _bench = new(static (_, _) => default);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_peer_that_never_stops_keeps_nobody_waiting()
    {
        (Connection busy, LoopWire endless) = _bench.Open();
        (Connection other, LoopWire wire) = _bench.Open();
        _bench.Say(endless, static b =>
        {
            CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
            CommandWriter.Mail(b, "<a@example.test>");
        });
        using var chunk = new FrameBuffer();
        CommandWriter.Body(chunk, new byte[60_000]);
        _bench.Say(wire, static b =>
        {
            CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
            CommandWriter.Quit(b);
        });

        // The first is read once before its peer hurries.
        _bench.Kernel.Tell(LoopBench.Event(LoopEvent.Read, endless));
        Assert.True(SpinWait.SpinUntil(() => _bench.Kernel.Sent(endless.Descriptor).Length > 0, s_patience));
        _bench.Kernel.Repeat(endless.Descriptor, chunk.WrittenSpan.ToArray());
        _bench.Kernel.Tell(LoopBench.Event(LoopEvent.Read, endless), LoopBench.Event(LoopEvent.Read, wire));

        await other.Ended.WaitAsync(s_patience);
        Assert.False(busy.Ended.IsCompleted);
        busy.Abort();
        await busy.Ended.WaitAsync(s_patience);
        Assert.Empty(_bench.Kernel.Faults);
    }
}
