using Microsoft.Extensions.DependencyInjection;
using Milter.CompilerServices;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>State of one message never reaches the next, whatever a member does when it is reset.</summary>
public sealed class ResetTests
{
    private const string Bad = """
        public sealed class Bad(string why) : IDisposable, IResettable
        {
            public void Dispose() => throw new IOException(why);
            public void Reset() => throw new InvalidOperationException(why);
            public void Clear() => throw new InvalidOperationException(why);
        }
        """;

    private const string Leaky = """
        [Milter]
        public partial class Filter(List<string> log)
        {
            [PerMessage] IDisposable? _first;
            [PerMessage] readonly Bad _second = new("it does not clear");
            [PerMessage] string? Refuses { get; set => field = value ?? throw new ArgumentNullException("value"); } = "kept";
            [PerMessage] int _last;

            [OnMail] void Mail() { _first = new Bad("disk full"); _last++; }
            [OnEom] void End() => log.Add($"{_first is null} {_last}");
        }
        """;

    [Fact]
    public async Task A_member_that_throws_leaves_none_of_the_others_as_it_was()
    {
        using LoadedMilters milters = LoadedMilters.LoadLatest(Usings.Global, Bad, Leaky.Replace("= \"kept\"", "= null!", StringComparison.Ordinal));
        IMilterDispatcher filter = Create(milters, out List<string> log);

        await filter.OnMail(null!);
        AggregateException failed = await Assert.ThrowsAsync<AggregateException>(async () => await filter.ResetMessageAsync());
        await filter.OnEom(null!);

        Assert.Equal(["True 0"], log);
        Assert.Equal(
            [
                "The [PerMessage] member '_first' could not be reset: disk full",
                "The [PerMessage] member '_second' could not be reset: it does not clear",
                "The [PerMessage] member 'Refuses' could not be reset: Value cannot be null. (Parameter 'value')",
            ],
            failed.InnerExceptions.Select(each => each.Message));
    }

    [Fact]
    public async Task One_failure_is_told_by_itself_and_never_twice()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Bad, """
            [Milter]
            public partial class Filter(List<string> log)
            {
                [PerMessage] Bad2? _only;
                [OnMail] void Mail() => _only = new Bad2();
                [OnEom] void End() => log.Add($"{_only is null}");
            }
            public struct Bad2 : IDisposable { public void Dispose() => throw new IOException("disk full"); }
            """);
        IMilterDispatcher filter = Create(milters, out List<string> log);

        await filter.OnMail(null!);
        InvalidOperationException failed = await Assert.ThrowsAsync<InvalidOperationException>(async () => await filter.ResetMessageAsync());
        await filter.ResetMessageAsync();
        await filter.OnEom(null!);

        Assert.IsType<IOException>(failed.InnerException);
        Assert.Equal(["True"], log);
    }

    [Fact]
    public async Task What_can_only_be_disposed_of_asynchronously_is_and_is_waited_for()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, """
            public sealed class Slow(List<string> log) : IAsyncDisposable
            {
                public async ValueTask DisposeAsync() { await Task.Yield(); log.Add("disposed"); }
            }

            [Milter]
            public partial class Filter(List<string> log)
            {
                [PerMessage] Slow? _slow;
                [PerMessage] IAsyncDisposable? _absent;
                [PerMessage] int _last;
                [OnMail] void Mail() { _slow = new Slow(log); _last++; }
                [OnEom] void End() => log.Add($"{_slow is null} {_absent is null} {_last}");
            }
            """);
        IMilterDispatcher filter = Create(milters, out List<string> log);

        await filter.OnMail(null!);
        await filter.ResetMessageAsync();
        await filter.OnEom(null!);

        Assert.Equal(["disposed", "True True 0"], log);
        Assert.Contains("ResetMessageAsync", Assert.Throws<NotSupportedException>(filter.ResetMessage).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hidden_member_is_reset_and_so_is_the_one_that_hides_it()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, """
            public class Base
            {
                [PerMessage] protected int Count;
                [PerMessage] protected string? Seen { get; set; }
                [PerMessage] public int Far;
                protected string BaseState => $"{Count} {Seen ?? "-"} {Far}";
                protected void Fill() { Count++; Seen = "x"; Far++; }
            }
            public class Middle : Base { public new int Far() => 0; }

            [Milter]
            public partial class Filter(List<string> log) : Middle
            {
                [PerMessage] private new int Count;
                private new void Seen() { }
                [OnMail] void Mail() { Count++; Fill(); Seen(); }
                [OnEom] void End() => log.Add($"{Count} {BaseState}");
            }
            """);
        IMilterDispatcher filter = Create(milters, out List<string> log);

        await filter.OnMail(null!);
        await filter.OnEom(null!);
        await filter.ResetMessageAsync();
        await filter.OnEom(null!);

        Assert.Equal(["1 1 x 1", "0 0 - 0"], log);
    }

    [Fact]
    public async Task A_reset_costs_no_memory_where_nothing_has_to_be_awaited()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, """
            [Milter]
            public partial class Filter(List<string> log)
            {
                [PerMessage] int _count;
                [PerMessage] readonly List<int> _list = [];
                [PerMessage] IDisposable? _old;
                [PerMessage] IAsyncDisposable? _async;
                [OnMail] void Mail() { _count++; _list.Add(1); log.Clear(); _old = null; _async = null; }
            }
            """);
        IMilterDispatcher filter = Create(milters, out _);
        for (int i = 0; i < 100; i++)
        {
            await filter.ResetMessageAsync();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            ValueTask reset = filter.ResetMessageAsync();
            Assert.True(reset.IsCompletedSuccessfully);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    private static IMilterDispatcher Create(LoadedMilters milters, out List<string> log)
    {
        log = [];
        return milters.Create("Filter", new ServiceCollection().AddSingleton(log).BuildServiceProvider());
    }
}
