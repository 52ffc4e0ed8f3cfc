using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Transport;
using Milter.Transport.Loops;

namespace Milter.Runtime.Tests.Scheduling;

/// <summary>Protects connections from what the kernel tells of the one that had their descriptor's number before.</summary>
public sealed class LateEventTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly LoopBench _bench;
    private readonly TaskCompletionSource<Verdict> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _token;

    public LateEventTests() => _bench = new LoopBench(HandleAsync);

    public void Dispose() => _bench.Dispose();

    // The one before hangs up; its event is in the batch, behind the one at which its connection ends and its number goes to another.
    [Fact]
    public async Task A_hang_up_that_comes_late_does_not_reach_the_connection_that_has_the_number_now()
    {
        (Connection before, LoopWire old) = _bench.Open();
        _bench.Say(old, b => CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF));
        _bench.Say(old, CommandWriter.Quit);
        _bench.Kernel.Tell(LoopBench.Event(LoopEvent.Read, old), LoopBench.Event(LoopEvent.Read, old));
        await before.Ended.WaitAsync(s_patience);

        (Connection now, LoopWire wire) = _bench.Open();
        Assert.Equal(old.Descriptor, wire.Descriptor);
        _bench.Say(wire, b =>
        {
            CommandWriter.OptNeg(b, 6, (MilterActions)0x1FF, (ProtocolSteps)0x1FFFFF);
            CommandWriter.Mail(b, "<a@example.test>");
            CommandWriter.EndOfMessage(b);
        });
        _bench.Kernel.Tell(LoopBench.Event(LoopEvent.Read, wire));
        Assert.True(SpinWait.SpinUntil(() => now.Conversation.Turn.IsSuspended, s_patience));

        long progress = _bench.Loop.Progress;
        _bench.Kernel.Tell(LoopBench.Event(LoopEvent.Read | LoopEvent.PeerHangUp | LoopEvent.HangUp, old), LoopBench.Event(LoopEvent.Write, wire));
        Assert.True(SpinWait.SpinUntil(() => _bench.Loop.Progress >= progress + 3 && !_bench.Loop.IsWorking, s_patience));
        _verdict.SetResult(Verdict.Accept);
        Assert.True(SpinWait.SpinUntil(() => _bench.Kernel.Sent(wire.Descriptor) is [.., (byte)'a'], s_patience));
        Assert.False(_token.IsCancellationRequested);
        Assert.Empty(_bench.Kernel.Faults);
    }

    [Fact]
    public async Task A_descriptor_is_closed_once_however_often_its_connection_is_cut()
    {
        for (int i = 0; i < 200; i++)
        {
            (Connection connection, LoopWire wire) = _bench.Open();
            _bench.Say(wire, CommandWriter.Quit);
            Task cutting = Task.Run(wire.Cut);
            _bench.Kernel.Tell(LoopBench.Event(LoopEvent.Read, wire));
            connection.Abort();
            await connection.Ended.WaitAsync(s_patience);
            await cutting;
            wire.Cut();
            wire.Close();
        }

        Assert.Empty(_bench.Kernel.Faults);
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
}
