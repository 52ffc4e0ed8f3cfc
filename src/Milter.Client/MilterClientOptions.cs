using Milter.Protocol;

namespace Milter.Client;

/// <summary>How an MTA speaks to a filter. The defaults are Postfix's.</summary>
public sealed record MilterClientOptions
{
    /// <summary>Gets whose rules, macros and habits are followed.</summary>
    public MtaPersonality Personality { get; init; } = MtaPersonality.Postfix;

    /// <summary>Gets the version that is offered, 2 to 6.</summary>
    public uint Version { get; init; } = MilterLimits.Version;

    /// <summary>Gets the actions that are offered.</summary>
    public MilterActions Actions { get; init; } = MilterActions.All;

    /// <summary>Gets the steps that are offered to be left out, the replies to be waived, and what else can be agreed on.</summary>
    /// <value><see langword="null"/> by default: all that the version has.</value>
    public ProtocolSteps? Steps { get; init; }

    /// <summary>Gets how long to wait; <see langword="null"/> for what the personality has by default.</summary>
    public MilterTimeouts? Timeouts { get; init; }

    /// <summary>Gets the longest frame that is taken from the filter, in bytes of payload.</summary>
    /// <value>1,048,576 by default. Filters send up to 65,535.</value>
    public int MaxFramePayload { get; init; } = 1 << 20;

    /// <summary>Gets the clock of the timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets who is shown every frame, both ways; <see langword="null"/> for nobody.</summary>
    public MilterTrace? Trace { get; init; }

    internal ProtocolSteps OfferedSteps => Steps ?? Version switch
    {
        2 => (ProtocolSteps)0x7F,
        3 => (ProtocolSteps)0x17F,
        4 or 5 => (ProtocolSteps)0x37F,
        _ => (ProtocolSteps)0x1FFFFF,
    };

    internal MilterTimeouts Patience => Timeouts ?? Personality.Timeouts;
}
