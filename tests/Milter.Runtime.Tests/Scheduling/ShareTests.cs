using Milter.CompilerServices;
using Milter.Limits;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Session;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Protects connections from one beside them whose peer never stops: each has its share, then the others have theirs.</summary>
public sealed class ShareTests : IDisposable, IConnectionOwner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly FakeKernel _kernel = new();
    private readonly Loop _loop;

    public ShareTests()
    {
        _loop = new Loop(new LoopHost(new LateHandlers(0), static () => { }, static (what, e) => Assert.Fail($"{what} {e}")), _kernel);
        _loop.Start();
    }

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task A_peer_that_never_stops_keeps_nobody_waiting()
    {
        (Connection busy, LoopWire endless) = Open();
        (Connection other, LoopWire wire) = Open();
        Say(endless, static b =>
        {
            CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
            CommandWriter.Mail(b, "<a@example.test>");
        });
        using var chunk = new FrameBuffer();
        CommandWriter.Body(chunk, new byte[60_000]);
        Say(wire, static b =>
        {
            CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
            CommandWriter.Quit(b);
        });

        // The first is read once before its peer hurries.
        _kernel.Tell(Event(endless));
        Assert.True(SpinWait.SpinUntil(() => _kernel.Sent(endless.Descriptor).Length > 0, s_patience));
        _kernel.Repeat(endless.Descriptor, chunk.WrittenSpan.ToArray());
        _kernel.Tell(Event(endless), Event(wire));

        await other.Ended.WaitAsync(s_patience);
        Assert.False(busy.Ended.IsCompleted);
        busy.Abort();
        await busy.Ended.WaitAsync(s_patience);
        Assert.Empty(_kernel.Faults);
    }

    void IConnectionOwner.Wake()
    {
    }

    void IConnectionOwner.BeforeBlocking()
    {
    }

    void IConnectionOwner.Ended(Connection? connection)
    {
    }

    private static LoopEvent Event(LoopWire wire) => new(LoopEvent.Read, LoopEvent.DataOf(wire.Descriptor, wire.Serial));

    private (Connection Connection, LoopWire Wire) Open()
    {
        SessionSettings settings = SessionSettings.Of(SessionDriver.Need((MilterStages)0x3FFF), static _ => new TestFilter(static (_, _) => default), new Nothing(), new TestLog(), new MilterOptions());
        var wire = new LoopWire(_loop, _kernel, _kernel.Open(), isTcp: false);
        var connection = new Connection(this, settings, wire, "c1", "test");
        connection.Start();
        return (connection, wire);
    }

    private void Say(LoopWire wire, Action<FrameBuffer> write)
    {
        using var frame = new FrameBuffer();
        write(frame);
        _kernel.Send(wire.Descriptor, frame.WrittenSpan.ToArray());
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
