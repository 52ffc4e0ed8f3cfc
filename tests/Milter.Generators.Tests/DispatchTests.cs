using Microsoft.Extensions.DependencyInjection;
using Milter.CompilerServices;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>Runs emitted code. Its handlers take no parameters, so no engine is needed.</summary>
public sealed class DispatchTests
{
    private const string Source = """
        public abstract class Base
        {
            protected readonly List<string> Log;
            protected Base(List<string> log) => Log = log;
            [OnMail(Order = 99)] protected Verdict FromBase() => Say("base");
            [OnData] protected virtual Verdict Data() => Say("base data");
            [OnEoh] protected void Hidden() => Log.Add("base hidden");
            protected Verdict Say(string what, Verdict verdict = default) { Log.Add(what); return verdict; }
        }

        [Milter]
        public partial class Filter(List<string> log, IComparable? absent, [Microsoft.Extensions.DependencyInjection.FromKeyedServices("a")] string key) : Base(log)
        {
            [PerMessage] private int _count;
            [PerMessage] private readonly List<int> _list = [1];

            [OnMail(Order = 2)] Verdict Second() => Say("second", Verdict.Accept);
            [OnMail(Order = 1)] async Task First() { await Task.Yield(); Log.Add("first"); }
            [OnMail(Order = 3)] Verdict Third() => Say("third");
            [OnRcpt] static ValueTask<Verdict> Rcpt() => new(Verdict.Discard);
            [OnHelo] Task<Verdict> Helo() => Task.FromResult(Verdict.TempFail());
            protected override Verdict Data() => Say("own data", Verdict.Reject());
            [OnEoh] new Verdict Hidden() => Say("own hidden");
            [OnEom] void End() => Log.Add($"{_count++} {_list.Count} {absent is null} {key}");
        }
        """;

    [Fact]
    public async Task Handlers_run_in_order_until_one_has_decided()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Source);
        IMilterDispatcher filter = Create(milters, out List<string> log);

        Assert.Equal(VerdictKind.Accept, (await filter.OnMail(null!)).Kind);
        Assert.Equal(["base", "first", "second"], log);
    }

    [Fact]
    public async Task A_single_handler_gives_its_verdict()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Source);
        IMilterDispatcher filter = Create(milters, out List<string> log);

        Assert.Equal(VerdictKind.Discard, (await filter.OnRcpt(null!)).Kind);
        Assert.Equal(VerdictKind.TempFail, (await filter.OnHelo(null!)).Kind);
        Assert.Equal(VerdictKind.Continue, (await filter.OnConnect(null!)).Kind);
        Assert.Empty(log);
    }

    [Fact]
    public async Task An_override_is_one_handler_and_a_namesake_is_another()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Source);
        IMilterDispatcher filter = Create(milters, out List<string> log);

        Assert.Equal(VerdictKind.Reject, (await filter.OnData(null!)).Kind);
        Assert.Equal(VerdictKind.Continue, (await filter.OnEoh(null!)).Kind);
        Assert.Equal(["own data", "base hidden", "own hidden"], log);
    }

    [Fact]
    public async Task State_of_a_message_is_made_new()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Source);
        IMilterDispatcher filter = Create(milters, out List<string> log);

        await filter.OnEom(null!);
        await filter.OnEom(null!);
        await filter.ResetMessageAsync();
        await filter.OnEom(null!);

        Assert.Equal(["0 1 True k", "1 1 True k", "0 0 True k"], log);
        Assert.True(milters.Descriptor("Filter").HasPerMessageState);
    }

    [Fact]
    public void A_missing_service_is_named()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Source);

        Exception error = Assert.ThrowsAny<Exception>(() => milters.Create("Filter", new ServiceCollection().BuildServiceProvider()));

        Assert.Contains("System.Collections.Generic.List", (error.InnerException ?? error).Message, StringComparison.Ordinal);
    }

    private static IMilterDispatcher Create(LoadedMilters milters, out List<string> log)
    {
        log = [];
        return milters.Create("Filter", new ServiceCollection().AddSingleton(log).AddKeyedSingleton("a", "k").BuildServiceProvider());
    }
}
