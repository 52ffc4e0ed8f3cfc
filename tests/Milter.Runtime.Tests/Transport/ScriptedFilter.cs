using Milter.CompilerServices;

namespace Milter.Runtime.Tests.Transport;

/// <summary>A filter that does at RCPT, EOM and CLOSE what a test tells it; written by hand as the generator would write it.</summary>
internal sealed class ScriptedFilter : IMilter<ScriptedFilter>
{
    static MilterDescriptor IMilter<ScriptedFilter>.Descriptor { get; } = new()
    {
        ContractVersion = MilterDescriptor.CurrentContractVersion,
        Name = "Scripted",
        Handles = MilterStages.Rcpt | MilterStages.Eom | MilterStages.Close,
        Replies = MilterStages.Rcpt | MilterStages.Eom,
    };

    public Func<StepContext, ValueTask<Verdict>>? Rcpt { get; init; }

    public Func<StepContext, ValueTask<Verdict>>? Eom { get; init; }

    public Action? Closed { get; init; }

    static ScriptedFilter IMilter<ScriptedFilter>.Create(IServiceProvider services) => new();

    public ValueTask<Verdict> OnRcpt(StepContext step) => Rcpt?.Invoke(step) ?? default;

    public ValueTask<Verdict> OnEom(StepContext step) => Eom?.Invoke(step) ?? default;

    public ValueTask<Verdict> OnClose(StepContext step)
    {
        Closed?.Invoke();
        return default;
    }
}
