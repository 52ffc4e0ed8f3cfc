using Milter.CompilerServices;
using Milter.Limits;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Session;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Connections on one loop over a kernel that tells what a test has it tell.</summary>
internal sealed class LoopBench : IDisposable, IConnectionOwner
{
    private readonly Func<MilterStages, StepContext, ValueTask<Verdict>> _handle;

    /// <summary>Starts the loop.</summary>
    /// <param name="handle">What the filter of each connection does.</param>
    public LoopBench(Func<MilterStages, StepContext, ValueTask<Verdict>> handle)
    {
        _handle = handle;
        Loop = new Loop(new LoopHost(new LateHandlers(0), static () => { }, static (what, e) => Assert.Fail($"{what} {e}")), Kernel);
        Loop.Start();
    }

    public FakeKernel Kernel { get; } = new();

    public Loop Loop { get; }

    public static LoopEvent Event(uint events, LoopWire wire) => new(events, LoopEvent.DataOf(wire.Descriptor, wire.Serial));

    public (Connection Connection, LoopWire Wire) Open()
    {
        SessionSettings settings = SessionSettings.Of(SessionDriver.Need((MilterStages)0x3FFF), _ => new TestFilter(_handle), new Nothing(), new TestLog(), new MilterOptions());
        var wire = new LoopWire(Loop, Kernel, Kernel.Open(), isTcp: false);
        var connection = new Connection(this, settings, wire, "c1", "test");
        connection.Start();
        return (connection, wire);
    }

    /// <summary>Has a peer say something; its event is the test's to tell.</summary>
    public void Say(LoopWire wire, Action<FrameBuffer> write)
    {
        using var frame = new FrameBuffer();
        write(frame);
        Kernel.Send(wire.Descriptor, frame.WrittenSpan.ToArray());
    }

    public void Dispose() => Loop.Dispose();

    void IConnectionOwner.Wake()
    {
    }

    void IConnectionOwner.BeforeBlocking()
    {
    }

    void IConnectionOwner.Ended(Connection? connection)
    {
    }
}
