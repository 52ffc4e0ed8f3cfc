using Milter.CompilerServices;
using Milter.Limits;
using Milter.Protocol;
using Milter.Runtime.Tests.Session;
using Milter.Session;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Protects connections from what the kernel tells of the one that had their descriptor's number before.</summary>
public sealed class LateEventTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly FakeKernel _kernel = new();
    private readonly Loop _loop;
    private readonly Owner _owner = new();
    private readonly TaskCompletionSource<Verdict> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _token;

    public LateEventTests()
    {
        _loop = new Loop(new LoopHost(new LateHandlers(0), static () => { }, static (what, e) => Assert.Fail($"{what} {e}")), _kernel);
        _loop.Start();
    }

    public void Dispose() => _loop.Dispose();

    // The one before hangs up; its event is in the batch, behind the one at which its connection ends and its number goes to another.
    [Fact]
    public async Task A_hang_up_that_comes_late_does_not_reach_the_connection_that_has_the_number_now()
    {
        (Connection before, LoopWire old) = Open();
        Say(old, b => CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF));
        Say(old, CommandWriter.Quit);
        _kernel.Tell(Event(LoopEvent.Read, old), Event(LoopEvent.Read, old));
        await before.Ended.WaitAsync(s_patience);

        (Connection now, LoopWire wire) = Open();
        Assert.Equal(old.Descriptor, wire.Descriptor);
        Say(wire, b =>
        {
            CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
            CommandWriter.Mail(b, "<a@example.test>");
            CommandWriter.EndOfMessage(b);
        });
        _kernel.Tell(Event(LoopEvent.Read, wire));
        Assert.True(SpinWait.SpinUntil(() => now.Conversation.Turn.IsSuspended, s_patience));

        long progress = _loop.Progress;
        _kernel.Tell(Event(LoopEvent.Read | LoopEvent.PeerHangUp | LoopEvent.HangUp, old), Event(LoopEvent.Write, wire));
        Assert.True(SpinWait.SpinUntil(() => _loop.Progress >= progress + 3 && !_loop.IsWorking, s_patience));
        _verdict.SetResult(Verdict.Accept);
        Assert.True(SpinWait.SpinUntil(() => _kernel.Sent(wire.Descriptor) is [.., (byte)'a'], s_patience));
        Assert.False(_token.IsCancellationRequested);
        Assert.Empty(_kernel.Faults);
    }

    [Fact]
    public async Task A_descriptor_is_closed_once_however_often_its_connection_is_cut()
    {
        for (int i = 0; i < 200; i++)
        {
            (Connection connection, LoopWire wire) = Open();
            Say(wire, CommandWriter.Quit);
            Task cutting = Task.Run(wire.Cut);
            _kernel.Tell(Event(LoopEvent.Read, wire));
            connection.Abort();
            await connection.Ended.WaitAsync(s_patience);
            await cutting;
            wire.Cut();
            wire.Close();
        }

        Assert.Empty(_kernel.Faults);
    }

    private static LoopEvent Event(uint events, LoopWire wire) => new(events, LoopEvent.DataOf(wire.Descriptor, wire.Serial));

    private (Connection Connection, LoopWire Wire) Open()
    {
        SessionSettings settings = SessionSettings.Of(SessionDriver.Need((MilterStages)0x3FFF), _ => new TestFilter(HandleAsync), new Nothing(), new TestLog(), new MilterOptions());
        var wire = new LoopWire(_loop, _kernel, _kernel.Open(), isTcp: false);
        var connection = new Connection(_owner, settings, wire, "c1", "test");
        connection.Start();
        return (connection, wire);
    }

    private void Say(LoopWire wire, Action<FrameBuffer> write)
    {
        using var frame = new FrameBuffer();
        write(frame);
        _kernel.Send(wire.Descriptor, frame.WrittenSpan.ToArray());
    }

    private ValueTask<Verdict> HandleAsync(MilterStages stage, StepContext step)
    {
        if (stage != MilterStages.Eom)
        {
            return default;
        }

        _token = step.Cancellation;
        return new ValueTask<Verdict>(_verdict.Task);
    }

    private sealed class Owner : IConnectionOwner
    {
        public void Wake()
        {
        }

        public void BeforeBlocking()
        {
        }

        public void Ended(Connection connection)
        {
        }
    }

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
