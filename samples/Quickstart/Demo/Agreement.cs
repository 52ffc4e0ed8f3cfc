using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>What filter and MTA have agreed on.</summary>
/// <param name="Version">The protocol's version.</param>
/// <param name="Actions">What the filter may do at end of message.</param>
/// <param name="Steps">What it has waived and wished for.</param>
/// <param name="Macros">The macros it asked for, by stage.</param>
internal sealed record Agreement(uint Version, MilterActions Actions, ProtocolSteps Steps, IReadOnlyDictionary<MacroStage, string> Macros)
{
    private static readonly (MilterActions Action, string Name)[] s_actions =
    [
        (MilterActions.AddHeaders, "ADDHDRS"), (MilterActions.ChangeBody, "CHGBODY"), (MilterActions.AddRecipients, "ADDRCPT"),
        (MilterActions.DeleteRecipients, "DELRCPT"), (MilterActions.ChangeHeaders, "CHGHDRS"), (MilterActions.Quarantine, "QUARANTINE"),
        (MilterActions.ChangeSender, "CHGFROM"), (MilterActions.AddRecipientsWithArguments, "ADDRCPT_PAR"), (MilterActions.SetSymbolList, "SETSYMLIST"),
    ];

    private static readonly (ProtocolSteps Step, string Name)[] s_extras =
    [
        (ProtocolSteps.Skip, "SKIP"), (ProtocolSteps.RejectedRecipients, "RCPT_REJ"), (ProtocolSteps.HeaderLeadingSpace, "HDR_LEADSPC"),
    ];

    public IEnumerable<string> ActionNames => s_actions.Where(row => Actions.HasFlag(row.Action)).Select(row => row.Name);

    public IEnumerable<string> NotSent => MtaStep.Waivable.Where(IsNotSent).Select(step => step.Name);

    public IEnumerable<string> Silent => MtaStep.Waivable.Where(step => !IsNotSent(step) && IsSilent(step)).Select(step => step.Name);

    /// <summary>The steps for which the MTA waits. EOM can't be waived.</summary>
    public IEnumerable<string> Waits =>
        MtaStep.Waivable.Append(MtaStep.EndOfMessage).Where(step => !IsNotSent(step) && !IsSilent(step)).Select(step => step.Name);

    public IEnumerable<string> Extras => s_extras.Where(row => Steps.HasFlag(row.Step)).Select(row => row.Name);

    public bool KeepsSpace => Steps.HasFlag(ProtocolSteps.HeaderLeadingSpace);

    public bool IsNotSent(MtaStep step) => (Steps & step.NotSent) != 0;

    public bool IsSilent(MtaStep step) => (Steps & step.NoReply) != 0;

    /// <summary>Reads the filter's answer to the offer.</summary>
    /// <exception cref="ProtocolException">It is damaged, or asks for what was not offered.</exception>
    public static Agreement Read(ReadOnlySpan<byte> payload)
    {
        if (!OptNegPayload.TryRead(payload, out OptNegPayload answer, out string? error) || (error = answer.CheckSymbolLists()) is not null)
        {
            throw new ProtocolException(error!);
        }

        if ((answer.Actions & ~MilterActions.All) != 0 || (answer.Steps & ~MtaSession.OfferedSteps) != 0)
        {
            throw new ProtocolException($"the filter asks for what was not offered: actions 0x{(uint)answer.Actions:x}, steps 0x{(uint)answer.Steps:x}");
        }

        var macros = new SortedDictionary<MacroStage, string>();
        foreach (SymbolListEntry list in answer.SymbolLists)
        {
            macros[(MacroStage)list.Stage] = WireText.GetString(list.Names);
        }

        return new Agreement(answer.Version, answer.Actions, answer.Steps, macros);
    }

    /// <summary>Whether it is the same in every word.</summary>
    public bool IsLike(Agreement other) =>
        Version == other.Version && Actions == other.Actions && Steps == other.Steps && Macros.SequenceEqual(other.Macros);
}
