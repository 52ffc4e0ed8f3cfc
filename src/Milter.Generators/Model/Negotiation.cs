namespace Milter.Generators.Model;

/// <summary>What is asked of the MTA for a milter, and who asks. Derived from the model by <see cref="Derivation"/>.</summary>
internal sealed record Negotiation(
    IReadOnlyList<StepNeed> Steps,
    IReadOnlyList<Ask<ProtocolFlags>> Options,
    IReadOnlyList<Ask<ActionFlags>> Required,
    IReadOnlyList<Ask<ActionFlags>> Wanted,
    IReadOnlyList<Ask<(MacroStage Stage, string Name)>> Macros,
    IReadOnlyList<(MacroStage Stage, string Names)> SymbolLists,
    CollectedFlags Collects)
{
    /// <summary>Gets the steps that are not sent and the replies that are not waited for.</summary>
    public ProtocolFlags Waived => Steps.Aggregate(ProtocolFlags.None, (mask, step) => mask | step.Waived);

    /// <summary>Gets all protocol flags that are asked for.</summary>
    public ProtocolFlags Protocol => Options.Aggregate(Waived, (mask, ask) => mask | ask.What);

    /// <summary>Gets all actions that are asked for.</summary>
    public ActionFlags Actions => Required.Concat(Wanted).Aggregate(ActionFlags.None, (mask, ask) => mask | ask.What);

    /// <summary>Gets the kinds of steps from MAIL to EOM at which the MTA waits.</summary>
    public IEnumerable<StageInfo> WaitsPerMessage => Waits(StageGroups.InMessage);

    /// <summary>Gets the kinds of steps outside messages at which the MTA waits.</summary>
    public IEnumerable<StageInfo> WaitsPerSession => Waits(StageGroups.All & ~StageGroups.InMessage);

    private IEnumerable<StageInfo> Waits(Stages stages) => from step in Steps
                                                           where step.Mode == StepMode.Reply && (step.Stage.Stage & stages) != 0
                                                           select step.Stage;
}

/// <summary>Something that is asked for, and by whom.</summary>
internal sealed record Ask<T>(T What, IReadOnlyList<string> By);

internal enum StepMode
{
    NotSent,
    NoReply,
    Reply,
}

/// <summary>A step, how it is negotiated, and who needs it.</summary>
/// <param name="Stage">The step.</param>
/// <param name="Mode">How it is negotiated.</param>
/// <param name="Waits">Who makes the MTA wait for a reply.</param>
/// <param name="Data">Who takes what it brings, and would do without a reply.</param>
internal sealed record StepNeed(StageInfo Stage, StepMode Mode, IReadOnlyList<string> Waits, IReadOnlyList<string> Data)
{
    public ProtocolFlags Waived => Mode switch
    {
        StepMode.NotSent => Stage.NotSent,
        StepMode.NoReply => Stage.NoReply,
        _ => ProtocolFlags.None,
    };
}
