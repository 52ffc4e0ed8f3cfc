using Microsoft.Extensions.Logging;
using Milter.CompilerServices;
using Milter.Message;
using Milter.Protocol;
using Milter.Telemetry;

namespace Milter.Session;

/// <summary>What all sessions of one milter share. Made once from its options.</summary>
internal sealed record SessionSettings
{
    public required MilterDescriptor Descriptor { get; init; }

    /// <summary>Gets what makes an instance of the filter from the services of its session.</summary>
    public required Func<IServiceProvider, IMilterDispatcher> Create { get; init; }

    public required IServiceProvider Services { get; init; }

    /// <summary>Gets the log, which does not throw.</summary>
    public required ILogger Logger { get; init => field = QuietLogger.Of(value); }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets how long the handlers of one replied step, and the unreplied work before it, may take.</summary>
    public TimeSpan CommandBudget { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Gets how long the handlers of EOM may take.</summary>
    public TimeSpan EndOfMessageBudget { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Gets how often the MTA is told at EOM that the filter still works.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets how long a handler has, once its token has fired, before the expiry verdict goes out without it.</summary>
    public TimeSpan ExpiryGrace { get; init; } = TimeSpan.FromMilliseconds(250);

    public Verdict OnException { get; init; } = Verdict.TempFail();

    public Verdict OnExpiry { get; init; } = Verdict.TempFail();

    public MissingCapability OnMissingCapability { get; init; } = MissingCapability.TempFail;

    /// <summary>Gets a value indicating whether larger payloads are agreed where the MTA offers them (<c>SMFIP_MDS_*</c>).</summary>
    public bool AllowLargeData { get; init; }

    /// <summary>Gets a value indicating whether this session is over the connection cap: it negotiates, and answers 421 at MAIL.</summary>
    public bool Refuse { get; init; }

    /// <summary>Gets a value indicating whether a line is logged for each message.</summary>
    public bool LogMessages { get; init; }

    public MessageLimits MessageLimits { get; init; } = MessageLimits.Default;

    public BodyLimits BodyLimits { get; init; } = BodyLimits.Default;

    /// <summary>Gets the endpoint that the milter listens on, in words.</summary>
    public string EndPoint { get; init; } = "";

    /// <summary>Gets the names of the macros that handlers take, by slot, as they go over the wire.</summary>
    public byte[][] MacroNames => field ??= [.. Descriptor.Macros.Select(WireText.GetBytes)];

    /// <summary>Gets what is known of handlers that block.</summary>
    public StallMemory Stalls { get; init; } = new(TimeProvider.System);

    /// <summary>Gets who is told of what happens, for metrics and health.</summary>
    public SessionObserver Observer { get; init; } = new();
}
