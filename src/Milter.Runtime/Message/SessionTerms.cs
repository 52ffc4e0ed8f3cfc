using Milter.Protocol;

namespace Milter.Message;

/// <summary>What filter and MTA have agreed on.</summary>
/// <param name="Version">The protocol's version, 2 to 6.</param>
/// <param name="Actions">The actions that may be sent (<c>SMFIF_*</c>).</param>
/// <param name="Steps">The steps that are not sent, the replies that are waived, and what else was agreed (<c>SMFIP_*</c>).</param>
/// <param name="Missing">The actions that the filter requires and the MTA does not offer.</param>
internal readonly record struct SessionTerms(uint Version, MilterActions Actions, ProtocolSteps Steps, MilterActions Missing)
{
    /// <summary>Gets a value indicating whether header values come with the space behind the colon and handlers are not to see it.</summary>
    public bool HidesHeaderSpace { get; init; }

    /// <summary>Gets who writes the space behind the colon of a field.</summary>
    public ColonSpace Space => HidesHeaderSpace ? ColonSpace.Hidden : Has(ProtocolSteps.HeaderLeadingSpace) ? ColonSpace.OfTheFilter : ColonSpace.OfTheMta;

    /// <summary>Gets a value indicating whether anything was agreed on yet.</summary>
    public bool IsReached => Version != 0;

    /// <summary>Gets the largest payload that either side may send, in bytes.</summary>
    /// <remarks>Asked for with every frame, so it is worked out once, when the terms are made: other <see cref="Steps"/> are other terms, not a copy of these with a change.</remarks>
    public int MaxPayload { get; } =
        (Steps & ProtocolSteps.MaxData1M) != 0 ? MilterLimits.MaxPayload1M
        : (Steps & ProtocolSteps.MaxData256K) != 0 ? MilterLimits.MaxPayload256K
        : MilterLimits.MaxPayload;

    public bool Has(ProtocolSteps steps) => (Steps & steps) != 0;
}
