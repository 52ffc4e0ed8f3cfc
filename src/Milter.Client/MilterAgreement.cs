using Milter.Protocol;

namespace Milter.Client;

/// <summary>What MTA and filter have agreed on.</summary>
public sealed record MilterAgreement
{
    /// <summary>Gets the version, 2 to 6.</summary>
    public required uint Version { get; init; }

    /// <summary>Gets what the filter may do at the end of a message.</summary>
    public required MilterActions Actions { get; init; }

    /// <summary>Gets the steps that are not sent, the replies that are waived, and what else was agreed on.</summary>
    public required ProtocolSteps Steps { get; init; }

    /// <summary>Gets the macros that the filter has asked for, by stage; a stage without entry has the MTA's defaults.</summary>
    public required IReadOnlyDictionary<MacroStage, string> Macros { get; init; }

    /// <summary>Gets the steps that the filter wants to be sent.</summary>
    public IEnumerable<MilterCommand> Sent =>
        StepTable.Waivable.Where(row => !Has(row.NotWanted) && Version >= row.MinVersion).Select(row => row.Command).Append(MilterCommand.EndOfMessage);

    /// <summary>Gets the steps at which the MTA has to wait.</summary>
    public IEnumerable<MilterCommand> WaitedFor => Sent.Where(command => !Has(StepTable.Of(command).NoReply));

    /// <summary>Gets a value indicating whether header values keep the space after the colon, both ways (<c>SMFIP_HDR_LEADSPC</c>).</summary>
    public bool KeepsLeadingSpace => Has(ProtocolSteps.HeaderLeadingSpace);

    internal int MaxPayload =>
        Has(ProtocolSteps.MaxData1M) ? MilterLimits.MaxPayload1M : Has(ProtocolSteps.MaxData256K) ? MilterLimits.MaxPayload256K : MilterLimits.MaxPayload;

    internal bool Has(ProtocolSteps steps) => (Steps & steps) != 0;

    /// <summary>Says the agreement in a line.</summary>
    /// <returns>Version, actions, steps and macros.</returns>
    public override string ToString() =>
        $"version {Version}, actions {Actions}, steps {Steps}{string.Concat(Macros.Select(list => $", {list.Key}: {list.Value}"))}";

    /// <inheritdoc/>
    public bool Equals(MilterAgreement? other) =>
        other is not null && Version == other.Version && Actions == other.Actions && Steps == other.Steps
        && Macros.Count == other.Macros.Count && Macros.All(list => other.Macros.TryGetValue(list.Key, out string? names) && names == list.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, Actions, Steps, Macros.Count);

    internal static MilterAgreement Read(ReadOnlySpan<byte> payload, MilterClientOptions offer)
    {
        if (!OptNegPayload.TryRead(payload, out OptNegPayload answer, out string? error) || (error = answer.CheckSymbolLists()) is not null)
        {
            throw Bad(error!);
        }

        if (answer.Version < MilterLimits.MinVersion || answer.Version > offer.Version)
        {
            throw Bad($"the filter answers version {answer.Version} to an offer of {offer.Version}");
        }

        // To offer nothing means what version 1 had: filters take it so.
        MilterActions actions = answer.Actions & ~(offer.Actions == 0 ? (MilterActions)0x0F : offer.Actions);
        ProtocolSteps steps = answer.Steps & ~Offered(offer);
        if (actions != 0 || (steps != 0 && offer.Personality.RefusesUnofferedSteps))
        {
            throw Bad($"the filter asks for what was not offered: {string.Join(", ", (string[])[.. WireNames.Unoffered(actions, steps)])}");
        }

        var macros = new SortedDictionary<MacroStage, string>();
        foreach (SymbolListEntry list in answer.SymbolLists)
        {
            macros[(MacroStage)list.Stage] = WireText.GetString(list.Names);
        }

        return new MilterAgreement { Version = answer.Version, Actions = answer.Actions, Steps = answer.Steps & Offered(offer), Macros = macros };
    }

    private static ProtocolSteps Offered(MilterClientOptions offer) => offer.OfferedSteps == 0 ? (ProtocolSteps)0x3F : offer.OfferedSteps;

    private static MilterClientException Bad(string why) => new(MilterClientError.Protocol, MilterCommand.OptNeg, $"The negotiation has failed: {why}.");
}
