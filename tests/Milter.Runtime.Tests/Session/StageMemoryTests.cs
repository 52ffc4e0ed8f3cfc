using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects loops from being handed over at each message for ever, because a handler was slow once.</summary>
public sealed class StageMemoryTests
{
    private readonly ManualTime _time = new();
    private readonly StageMemory _memory;

    public StageMemoryTests() => _memory = new StageMemory(_time);

    [Fact]
    public void A_stage_that_is_caught_three_times_blocks_and_others_do_not()
    {
        Catch(2);
        Assert.False(_memory.Blocks(MilterStages.Rcpt));
        Catch(1);
        Assert.True(_memory.Blocks(MilterStages.Rcpt));
        Assert.False(_memory.Blocks(MilterStages.Eom));
    }

    [Fact]
    public void What_blocked_is_forgotten_although_it_is_not_caught_again()
    {
        Catch(3);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.False(_memory.Blocks(MilterStages.Rcpt));
        Catch(2);
        Assert.False(_memory.Blocks(MilterStages.Rcpt));
    }

    [Fact]
    public void What_is_caught_once_in_a_while_does_not_block()
    {
        for (int i = 0; i < 10; i++)
        {
            Catch(1);
            _time.Advance(TimeSpan.FromSeconds(6));
        }

        Assert.False(_memory.Blocks(MilterStages.Rcpt));
    }

    private void Catch(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _memory.Note(MilterStages.Rcpt);
        }
    }
}
