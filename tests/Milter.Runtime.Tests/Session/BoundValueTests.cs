using System.Text;
using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects values of binders: made once a message, completed unless the handlers refuse, disposed of once whatever becomes of the message, and out of reach of the next.</summary>
public sealed class BoundValueTests
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

    [Theory]
    [InlineData(true, "Subject: hi\r\nTo:\tbob\r\nCc:x\r\nX-Fold: a\r\n b\r\nX-Two:  two\r\n\r\nbody\r\n")]
    [InlineData(false, "Subject: hi\r\nTo:\tbob\r\nCc: x\r\nX-Fold: a\r\n b\r\nX-Two:  two\r\n\r\nbody\r\n")]
    public void The_message_is_read_as_it_came(bool offersSpace, string expected)
    {
        string? read = null, again = null;
        long length = 0;
        bool hasSpace = !offersSpace;
        List<string> shown = [];
        SessionDriver mta = Play(
            MilterStages.Header | MilterStages.Eom,
            async step =>
            {
                if (step.Stage == MilterStages.Header)
                {
                    shown.Add(step.Text);
                    return default;
                }

                MessageBindingContext context = (await step.Bind<TreeBinder, Tree>()).Context;
                hasSpace = context.HasHeaderSpace;
                using Stream whole = context.OpenMessage();
                length = whole.Length;
                using var reader = new StreamReader(whole, Encoding.Latin1);
                read = await reader.ReadToEndAsync();
                whole.Position = 0;
                byte[] bytes = new byte[7];
                whole.Seek(-10, SeekOrigin.End);
                whole.ReadExactly(bytes);
                again = Encoding.Latin1.GetString(bytes);
                shown.AddRange(Enumerable.Range(0, context.Headers.Count).Select(i => context.Headers[i].ValueText));
                return default;
            },
            collects: CollectedData.Headers | CollectedData.Body,
            offersSpace);
        mta.Mail();
        string space = offersSpace ? " " : "";
        mta.Header("Subject", space + "hi");
        mta.Header("To", "\tbob");
        mta.Header("Cc", "x");
        mta.Header("X-Fold", space + "a\n b");
        mta.Header("X-Two", space + " two");
        mta.Eoh();
        mta.Body();
        mta.Eom();

        Assert.Equal(expected, read);
        Assert.Equal(expected.Length, length);
        Assert.Equal(expected[^10..^3], again);
        Assert.Equal(offersSpace, hasSpace);
        string[] values = ["hi", "\tbob", "x", "a\n b", " two"];
        Assert.Equal([.. values, .. values], shown);
    }

    [Fact]
    public void A_message_that_nobody_has_asked_to_keep_can_not_be_read()
    {
        InvalidOperationException? told = null;
        SessionDriver mta = Play(MilterStages.Eom, async step =>
        {
            MessageBindingContext context = (await step.Bind<TreeBinder, Tree>()).Context;
            told = Assert.Throws<InvalidOperationException>(context.OpenMessage);
            return default;
        });

        mta.Message();

        Assert.Contains("[Needs(Headers = true, Body = true)]", told!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_space_is_hidden_editors_and_raw_actions_write_as_if_the_MTA_did()
    {
        SessionDriver mta = Play(
            MilterStages.Eom,
            step =>
            {
                step.HeaderEditor.Append("X-One", "1");
                step.HeaderEditor.Append("X-Two", " 2");
                step.HeaderEditor.Change("Subject", 1, "");
                step.MessageActions.ChangeHeader("X-Raw", 1, "3");
                step.MessageActions.ChangeHeader("X-Gone", 1, "");
                return default;
            },
            collects: CollectedData.HeaderNames);
        mta.Mail();
        mta.Header("Subject", " hi");
        mta.Eoh();

        Assert.Equal(["m:\0\0\0\u0001Subject\0 \0", "i:;\u009a\u00ca\0X-One\0 1\0", "i:;\u009a\u00ca\0X-Two\0  2\0", "m:\0\0\0\u0001X-Raw\0 3\0", "m:\0\0\0\u0001X-Gone\0\0", "c:"], Frames(mta));
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

    private SessionDriver Play(MilterStages handles, Func<StepContext, ValueTask<Verdict>> on, CollectedData collects = 0, bool offersSpace = true)
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
        var mta = new SessionDriver(need, (_, step) => on(step), settings => settings with { Time = _time, Services = new Services(_log) });
        mta.Negotiate(steps: offersSpace ? 0x1FFFFFu : 0x0FFFFFu);
        mta.Connect();
        mta.Helo();
        return mta;
    }

    private static List<string> LogOf(MessageBindingContext context) => (List<string>)context.Services.GetService(typeof(List<string>))!;

    private sealed class Services(List<string> log) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(List<string>) ? log : null;
    }

    private sealed class Tree(MessageBindingContext context, List<string> log) : IAsyncDisposable
    {
        public MessageBindingContext Context => context;

        public List<string> Log => log;

        public Verdict Says { get; set; }

        public string? Mark { get; set; }

        public bool Throws { get; set; }

        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            log.Add("dispose");
            return default;
        }
    }

    private sealed class TreeBinder : IMessageBinder<TreeBinder, Tree>
    {
        public static ValueTask<Tree> BindAsync(MessageBindingContext context)
        {
            List<string> log = LogOf(context);
            log.Add("make");
            return new(new Tree(context, log));
        }

        public static async ValueTask<Verdict> CompleteAsync(Tree value, MessageBindingContext context)
        {
            value.Log.Add($"complete {context.Stage}");
            await Task.CompletedTask;
            if (value.Mark is { } mark)
            {
                context.HeaderEditor!.Append("X-Mark", mark);
            }

            return value.Throws ? throw new IOException("broken") : value.Says;
        }
    }

    private sealed record Parts(Tree Tree) : IDisposable
    {
        public void Dispose() => Tree.Log.Add("dispose parts");
    }

    private sealed class PartsBinder : IMessageBinder<PartsBinder, Parts>
    {
        public static async ValueTask<Parts> BindAsync(MessageBindingContext context) => new(await context.GetAsync<TreeBinder, Tree>());
    }

    private sealed record Last(List<string> Log);

    private sealed class LastBinder : IMessageBinder<LastBinder, Last>
    {
        public static int CompletionOrder => int.MaxValue;

        public static ValueTask<Last> BindAsync(MessageBindingContext context) => new(new Last(LogOf(context)));

        public static ValueTask<Verdict> CompleteAsync(Last value, MessageBindingContext context)
        {
            value.Log.Add("complete last");
            return default;
        }
    }

    private sealed class Broken : IDisposable
    {
        public void Dispose() => throw new IOException("broken");
    }

    private sealed class BrokenBinder : IMessageBinder<BrokenBinder, Broken>
    {
        public static ValueTask<Broken> BindAsync(MessageBindingContext context) => new(new Broken());
    }

    private sealed class SelfBinder : IMessageBinder<SelfBinder, string>
    {
        public static ValueTask<string> BindAsync(MessageBindingContext context) => context.GetAsync<SelfBinder, string>();
    }
}
