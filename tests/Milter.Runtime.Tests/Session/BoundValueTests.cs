using System.Text;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects values of binders: made once a message, completed unless the handlers refuse, disposed of once whatever becomes of the message, and out of reach of the next.</summary>
public sealed partial class BoundValueTests
{
    private readonly List<string> _log = [];
    private readonly ManualTime _time = new();

    [Fact]
    public void A_value_is_one_object_for_all_stages_of_a_message_and_another_in_the_next()
    {
        List<object> seen = [];
        SessionDriver mta = Play(MilterStages.Mail | MilterStages.Rcpt | MilterStages.Eom, async step =>
        {
            seen.Add(await step.Bind<TreeBinder, Tree>());
            return await step.CompleteAsync(default);
        });

        mta.Message();
        Assert.Equal(["make", "complete Mail", "complete Rcpt", "complete Eom", "dispose"], _log);
        mta.Message();
        Assert.Equal(6, seen.Count);
        Assert.Single(seen[..3].Distinct());
        Assert.Single(seen[3..].Distinct());
        Assert.NotSame(seen[0], seen[3]);
    }

    [Fact]
    public void A_value_that_several_binders_are_made_of_is_made_completed_and_disposed_of_once()
    {
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            Parts parts = await step.Bind<PartsBinder, Parts>();
            Assert.Same(parts.Tree, await step.Bind<TreeBinder, Tree>());
            return await step.CompleteAsync(default);
        });

        mta.Message();

        Assert.Equal(["make", "complete Eom", "dispose parts", "dispose"], _log);
    }

    [Fact]
    public void Completions_run_by_their_order_and_then_as_values_were_made()
    {
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            await step.Bind<LastBinder, Last>();
            await step.Bind<TreeBinder, Tree>();
            return await step.CompleteAsync(Verdict.Accept);
        });

        Assert.EndsWith(" a", mta.Message(), StringComparison.Ordinal);

        Assert.Equal(["make", "complete Eom", "complete last", "dispose"], _log);
    }

    [Theory]
    [InlineData("reject", "r")]
    [InlineData("discard", "d")]
    public void Handlers_that_refuse_leave_nothing_to_complete(string says, string reply)
    {
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            await step.Bind<TreeBinder, Tree>();
            return await step.CompleteAsync(says == "reject" ? Verdict.Reject() : Verdict.Discard);
        });

        Assert.EndsWith(" " + reply, mta.Message(), StringComparison.Ordinal);

        Assert.Equal(["make", "dispose"], _log);
    }

    [Fact]
    public void What_a_completion_says_takes_the_place_of_Continue_and_ends_the_row()
    {
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            (await step.Bind<TreeBinder, Tree>()).Says = Verdict.TempFail(451, "4.7.1", "no key");
            await step.Bind<LastBinder, Last>();
            return await step.CompleteAsync(Verdict.Accept);
        });

        Assert.EndsWith(" y:451 4.7.1 no key", mta.Message(), StringComparison.Ordinal);
        Assert.Equal(["make", "complete Eom", "dispose"], _log);
    }

    [Fact]
    public void Edits_of_a_completion_go_out_with_the_verdict()
    {
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            (await step.Bind<TreeBinder, Tree>()).Mark = "seen";
            return await step.CompleteAsync(default);
        });

        Assert.Contains("X-Mark| seen c", mta.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_completion_throws_is_as_if_a_handler_had_thrown()
    {
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            Tree tree = await step.Bind<TreeBinder, Tree>();
            (tree.Mark, tree.Throws) = ("lost", true);
            return await step.CompleteAsync(default);
        });

        string replies = mta.Message();

        Assert.EndsWith(" t", replies, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Mark", replies, StringComparison.Ordinal);
        Assert.Equal(["make", "complete Eom", "dispose"], _log);
    }

    // Its handlers threw half way, and the policy lets the message go on: what they did to the value is not for another stage to send.
    [Fact]
    public void What_was_taken_where_a_handler_threw_is_not_completed_later()
    {
        SessionDriver mta = Play(MilterStages.Eoh | MilterStages.Eom, async step =>
        {
            if (step.Stage == MilterStages.Eoh)
            {
                Tree tree = await step.Bind<TreeBinder, Tree>();
                tree.Mark = "half";
                throw new IOException("broken");
            }

            return await step.CompleteAsync(default);
        }, onException: FailureVerdict.Continue);

        string replies = mta.Message();

        Assert.EndsWith(" c", replies, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Mark", replies, StringComparison.Ordinal);
        Assert.Equal(["make", "dispose"], _log);
    }

    [Fact]
    public void A_value_that_is_not_taken_at_a_stage_is_not_completed_there()
    {
        SessionDriver mta = Play(MilterStages.Eoh | MilterStages.Eom, async step =>
        {
            if (step.Stage == MilterStages.Eoh)
            {
                await step.Bind<TreeBinder, Tree>();
            }

            return await step.CompleteAsync(default);
        });

        mta.Message();

        Assert.Equal(["make", "complete Eoh", "dispose"], _log);
    }

    [Fact]
    public async Task Aborts_new_messages_and_lost_connections_dispose_of_values_too()
    {
        SessionDriver mta = Play(MilterStages.Mail | MilterStages.Abort | MilterStages.MessageEnd, async step =>
        {
            if (step.Stage == MilterStages.Mail)
            {
                await step.Bind<TreeBinder, Tree>();
            }

            return default;
        });

        mta.Mail();
        mta.Abort();
        Assert.Equal(["make", "dispose"], _log);
        mta.Mail();
        mta.Mail();
        Assert.Equal(["make", "dispose", "make", "dispose", "make"], _log);
        await mta.EndAsync();
        Assert.Equal(["make", "dispose", "make", "dispose", "make", "dispose"], _log);
    }

    [Fact]
    public void Values_are_there_until_the_handlers_of_the_messages_end_have_run()
    {
        Tree? kept = null;
        SessionDriver mta = Play(MilterStages.Eom | MilterStages.MessageEnd, async step =>
        {
            if (step.Stage == MilterStages.Eom)
            {
                kept = await step.Bind<TreeBinder, Tree>();
            }
            else
            {
                _log.Add($"end, disposed: {kept!.IsDisposed}");
            }

            return default;
        });

        mta.Message();

        Assert.Equal(["make", "end, disposed: False", "dispose"], _log);
    }

    [Fact]
    public void A_value_is_disposed_of_after_the_handler_that_is_late_with_it_has_returned()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Tree? held = null;
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            held = await step.Bind<TreeBinder, Tree>();
            await gate.Task;
            return await step.CompleteAsync(default);
        });
        mta.Message();
        _time.Advance(TimeSpan.FromSeconds(121));
        Assert.True(mta.Watch());
        Assert.EndsWith("t", mta.Take(), StringComparison.Ordinal);
        Assert.False(held!.IsDisposed);

        gate.SetResult();
        Assert.True(SpinWait.SpinUntil(() => mta.Mail() is "c", TimeSpan.FromMinutes(1)));

        Assert.Equal(["make", "dispose"], _log);
    }

    [Fact]
    public void The_context_ends_with_its_message()
    {
        Tree? kept = null;
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            kept ??= await step.Bind<TreeBinder, Tree>();
            return default;
        });
        mta.Message();

        Assert.Contains("until the message ends", Assert.Throws<InvalidOperationException>(() => kept!.Context.Envelope).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_can_not_be_disposed_of_keeps_nobody_from_the_others_and_is_told()
    {
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            await step.Bind<TreeBinder, Tree>();
            await step.Bind<BrokenBinder, Broken>();
            return default;
        });

        Assert.EndsWith(" c", mta.Message(), StringComparison.Ordinal);

        Assert.Equal(["make", "dispose"], _log);
        Assert.Contains(mta.Log.Lines, line => line.Contains("broken", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
        Assert.EndsWith(" c", mta.Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_binder_that_asks_for_its_own_value_is_told_so()
    {
        InvalidOperationException? told = null;
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            told = await Assert.ThrowsAsync<InvalidOperationException>(async () => await step.Bind<SelfBinder, string>());
            return default;
        });

        mta.Message();

        Assert.Contains("SelfBinder", told!.Message, StringComparison.Ordinal);
    }

    private static List<string> Frames(SessionDriver mta)
    {
        mta.Feed([0, 0, 0, 1, (byte)'E']);
        ReadOnlySpan<byte> bytes = mta.TakeBytes();
        List<string> frames = [];
        while (FrameReader.TryRead(bytes, MilterLimits.MaxPayload, out Frame frame, out int length) == FrameStatus.Complete)
        {
            frames.Add($"{(char)frame.Code}:{Encoding.Latin1.GetString(frame.Payload)}");
            bytes = bytes[length..];
        }

        return frames;
    }

    private SessionDriver Play(MilterStages handles, Func<StepContext, ValueTask<Verdict>> on, CollectedData collects = 0, bool offersSpace = true, FailureVerdict onException = default)
    {
        MilterDescriptor need = new()
        {
            ContractVersion = MilterDescriptor.CurrentContractVersion,
            Name = "Test",
            Handles = handles,
            Wanted = ProtocolSteps.HeaderLeadingSpace,
            HidesHeaderSpace = true,
            WantedActions = MilterActions.All,
            Collects = collects,
        };
        var mta = new SessionDriver(need, (_, step) => on(step), settings => settings with { Time = _time, Services = new Services(_log), Options = new MilterOptions { OnException = onException } });
        mta.Negotiate(steps: offersSpace ? 0x1FFFFFu : 0x0FFFFFu);
        mta.Connect();
        mta.Helo();
        return mta;
    }
}
