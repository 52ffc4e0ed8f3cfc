using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects the process from what MTAs and handlers may do to it, and messages from what becomes of that.</summary>
public sealed class LimitTests
{
    private const string NoStorage = "y:452 4.3.1 Insufficient system storage, please try again";

    private readonly ManualTime _time = new();

    [Fact]
    public void An_instance_whose_reset_fails_is_never_asked_again()
    {
        var mta = new SessionDriver(SessionDriver.Need((MilterStages)0x3FFF, perMessage: true)).Started();
        TestFilter first = mta.Filters[0];
        mta.Message();
        Assert.Same(first, Assert.Single(mta.Filters));

        first.Resetting = static () => throw new InvalidOperationException("a value that can't be disposed of");
        mta.Abort();
        Assert.Equal("t", mta.Mail());
        Assert.True(first.Disposed);
        mta.Abort();

        Assert.Equal("c", mta.Mail());
        Assert.Equal(2, mta.Filters.Count);
        Assert.Equal("Mail", mta.Filters[1].Calls[^1]);
        Assert.Contains(mta.Log.Lines, static line => line.StartsWith("Error 209", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reset_that_fails_at_the_end_of_a_message_leaves_nothing_for_the_next()
    {
        var mta = new SessionDriver(SessionDriver.Need((MilterStages)0x3FFF, perMessage: true)).Started();
        mta.Mail();
        mta.Filters[0].Resetting = static () => throw new InvalidOperationException("a value that can't be disposed of");
        mta.Abort();

        Assert.True(mta.Filters[0].Disposed);
        Assert.Equal("c", mta.Mail());
        Assert.Equal(2, mta.Filters.Count);
    }

    [Fact]
    public void Services_whose_disposal_hangs_are_left_behind_and_the_next_message_is_filtered()
    {
        var services = new HangingServices();
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) =>
            {
                if (at == MilterStages.Mail)
                {
                    _ = step.MessageServices;
                }

                return default;
            },
            settings => settings with { Time = _time, Services = services }).Started();
        mta.Message();
        Assert.Equal("", mta.Mail());
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(mta.Watch());

        Assert.Equal("c", mta.Take());
        Assert.Single(mta.Log.Lines, static line => line.StartsWith("Error 205", StringComparison.Ordinal) && line.Contains("MessageEnd", StringComparison.Ordinal));
    }

    [Fact]
    public void At_the_cap_of_late_handlers_the_filter_is_not_asked_and_its_time_counts_as_spent()
    {
        SessionSettings? shared = null;
        SessionSettings Share(SessionSettings settings) => settings with { Time = _time, Limits = (shared ??= settings.With(static o => o.MaxLateHandlers = 1)).Limits };
        var never = new TaskCompletionSource<Verdict>();
        var stuck = new SessionDriver(SessionDriver.Everything(), (at, _) => at == MilterStages.Rcpt ? new(never.Task) : default, Share).Started();
        var other = new SessionDriver(SessionDriver.Everything(), null, Share).Started();
        stuck.Mail();
        stuck.Rcpt();
        Assert.Equal("c", other.Mail());
        other.Abort();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(stuck.Watch());

        int calls = other.Calls.Count();
        Assert.Equal("t", other.Mail());
        Assert.Equal("t", new SessionDriver(SessionDriver.Everything(), null, Share).Started().Mail());
        Assert.Equal(calls, other.Calls.Count());

        never.SetResult(default);
        Assert.True(SpinWait.SpinUntil(() => !shared!.Limits.Late.IsFull, TimeSpan.FromMinutes(1)));
        Assert.Equal("c", other.Mail());
    }

    [Fact]
    public void Where_temporary_files_have_used_up_their_budget_messages_that_grow_or_begin_are_refused_for_now()
    {
        SessionSettings? shared = null;
        SessionSettings Share(SessionSettings settings) => shared ??= settings.With(static o => (o.BodyMemoryThreshold, o.SpoolBudget) = (0, 1_000));
        MilterDescriptor bodies = SessionDriver.Need((MilterStages)0x3FFF, collects: CollectedData.Body);
        var first = new SessionDriver(bodies, null, Share).Started();
        var second = new SessionDriver(bodies, null, settings => settings with { Options = shared!.Options, Limits = shared.Limits }).Started();
        first.Mail();
        Assert.Equal("c", first.Body(new string('a', 900)));
        second.Mail();
        Assert.Equal(NoStorage, second.Body(new string('b', 900)));

        // The first has what it needs, and its end gives it back.
        Assert.Equal("c", first.Eom());
        second.Abort();
        second.Mail();
        Assert.Equal("c", second.Body(new string('b', 900)));
    }

    [Fact]
    public void Where_memory_is_used_up_bodies_go_to_files_and_messages_that_begin_are_refused_for_now()
    {
        SessionSettings? shared = null;
        var mta = new SessionDriver(
            SessionDriver.Need((MilterStages)0x3FFF, collects: CollectedData.Body),
            (at, step) => at == MilterStages.Eom ? new(step.Body.TryGetMemory(out _) ? Verdict.Accept : Verdict.Continue) : default,
            settings => shared = settings.With(static o => o.MemoryBudget = 10_000)).Started();
        mta.Mail();
        mta.Body(new string('a', 5_000));
        mta.Body(new string('a', 50_000));
        Assert.Equal("c", mta.Eom());

        shared!.Limits.Memory.Add(20_000);
        Assert.Equal(NoStorage, mta.Mail());
        shared.Limits.Memory.Add(-20_000);
        Assert.Equal("c", mta.Mail());
    }

    [Fact]
    public void Recipients_weigh_in_bytes()
    {
        var mta = new SessionDriver(
            SessionDriver.Need((MilterStages)0x3FFF, collects: CollectedData.Recipients),
            with: settings => settings.With(static o => o.MaxEnvelopeSize = 1_000)).Started();
        mta.Mail();
        Assert.Equal("c", mta.Rcpt($"<{new string('a', 600)}@example.test>"));
        Assert.StartsWith("y:452 4.5.3", mta.Rcpt($"<{new string('b', 600)}@example.test>"), StringComparison.Ordinal);
        Assert.Equal("c", mta.Rcpt("<c@example.test>"));
    }

    [Fact]
    public async Task A_late_handler_sees_the_context_of_its_own_message()
    {
        MilterContext? late = null;
        var gate = new TaskCompletionSource();
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) =>
            {
                if (at != MilterStages.Eom || late is not null)
                {
                    return default;
                }

                late = step.Context;
                return new(gate.Task.ContinueWith(static _ => Verdict.Continue, TaskScheduler.Default));
            },
            settings => settings with { Time = _time }).Started();
        mta.Macros(MilterCommand.Mail, ("i", "FIRST"));
        mta.Message();
        _time.Advance(TimeSpan.FromSeconds(121));
        Assert.True(mta.Watch());
        mta.Macros(MilterCommand.Mail, ("i", "SECOND"));
        mta.Mail();

        Assert.Equal("FIRST", late!.QueueId);
        gate.SetResult();
        await mta.FinishAsync();
    }

    [Fact]
    public void A_connection_that_negotiates_nothing_is_closed_and_one_that_has_is_left_its_time()
    {
        var silent = new SessionDriver(SessionDriver.Everything(), with: settings => settings with { Time = _time });
        SessionDriver idle = new SessionDriver(SessionDriver.Everything(), with: settings => settings with { Time = _time }).Started();
        _time.Advance(TimeSpan.FromSeconds(61));
        silent.Watch();
        idle.Watch();

        Assert.True(silent.IsClosed);
        Assert.False(idle.IsClosed);
        _time.Advance(TimeSpan.FromSeconds(7210));
        idle.Watch();
        Assert.True(idle.IsClosed);
    }

    [Fact]
    public void A_connection_at_rest_holds_on_to_nothing_of_what_was_read_for_it()
    {
        using var conversation = new PlayedConversation(SessionSettings.Of(SessionDriver.Everything(), _ => new TestFilter((_, _) => default), new HangingServices(), new TestLog(), new MilterOptions()));
        WeakReference read = Read(conversation);
        GC.Collect();
        Assert.False(read.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Read(PlayedConversation conversation)
        {
            byte[] frames = [.. Transport.Mta.UpToMail, .. Transport.Mta.Rcpt];
            conversation.Play(frames);
            return new WeakReference(frames);
        }
    }

    private sealed class HangingServices : IServiceProvider, Microsoft.Extensions.DependencyInjection.IServiceScopeFactory
    {
        public object? GetService(Type serviceType) => serviceType == typeof(Microsoft.Extensions.DependencyInjection.IServiceScopeFactory) ? this : null;

        public Microsoft.Extensions.DependencyInjection.IServiceScope CreateScope() => new Scope(this);

        private sealed class Scope(IServiceProvider services) : Microsoft.Extensions.DependencyInjection.IServiceScope, IAsyncDisposable
        {
            public IServiceProvider ServiceProvider => services;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => new(new TaskCompletionSource().Task);
        }
    }
}
