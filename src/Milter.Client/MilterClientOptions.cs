using Milter.Protocol;

namespace Milter.Client;

/// <summary>How an MTA speaks to a filter. The defaults are Postfix's.</summary>
/// <remarks>A value that can't be is refused where it is set, by an <see cref="ArgumentException"/> that says what is taken.</remarks>
public sealed record MilterClientOptions
{
    /// <summary>Gets whose rules, macros and habits are followed.</summary>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>.</exception>
    public MtaPersonality Personality
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Personality));
    }
    = MtaPersonality.Postfix;

    /// <summary>Gets the version that is offered, 2 to 6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another.</exception>
    public uint Version
    {
        get;
        init => field = value is >= MilterLimits.MinVersion and <= MilterLimits.Version
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Version), value, $"Versions {MilterLimits.MinVersion} to {MilterLimits.Version} of the protocol are spoken.");
    }
    = MilterLimits.Version;

    /// <summary>Gets the actions that are offered.</summary>
    public MilterActions Actions { get; init; } = MilterActions.All;

    /// <summary>Gets the steps that are offered to be left out, the replies to be waived, and what else can be agreed on.</summary>
    /// <value><see langword="null"/> by default: all that the version has.</value>
    public ProtocolSteps? Steps { get; init; }

    /// <summary>Gets how long to wait; <see langword="null"/> for what the personality has by default.</summary>
    public MilterTimeouts? Timeouts { get; init; }

    /// <summary>Gets the longest frame that is taken from the filter, in bytes of payload.</summary>
    /// <value>1,048,576 by default; from 1,024, below which no reply text would fit, to 16,777,216. Filters send up to 65,535.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is not in that range.</exception>
    public int MaxFramePayload
    {
        get;
        init => field = value is >= 1 << 10 and <= 1 << 24
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxFramePayload), value, "From 1,024 to 16,777,216 bytes can be taken in a frame.");
    }
    = 1 << 20;

    /// <summary>Gets the clock of the timeouts.</summary>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }
    = TimeProvider.System;

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
