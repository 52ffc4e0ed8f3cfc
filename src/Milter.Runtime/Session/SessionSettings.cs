using Microsoft.Extensions.Logging;
using Milter.CompilerServices;
using Milter.Limits;
using Milter.Message;
using Milter.Protocol;
using Milter.Telemetry;

namespace Milter.Session;

/// <summary>What all sessions of one milter share. Made once from its options, which stand nowhere else.</summary>
internal sealed record SessionSettings
{
    public required MilterDescriptor Descriptor { get; init; }

    /// <summary>Gets what makes an instance of the filter from the services of its session.</summary>
    public required Func<IServiceProvider, IMilterDispatcher> Create { get; init; }

    public required IServiceProvider Services { get; init; }

    /// <summary>Gets the log, which does not throw.</summary>
    public required ILogger Logger { get; init => field = QuietLogger.Of(value); }

    /// <summary>Gets the options, of which nobody else has a hold.</summary>
    public required MilterOptions Options { get; init; }

    /// <summary>Gets what is shared with all other connections of the process.</summary>
    public required ProcessLimits Limits { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets a value indicating whether this session is over the connection cap: it negotiates, and answers 421 at MAIL.</summary>
    public bool Refuse { get; init; }

    /// <summary>Gets the endpoint that the milter listens on, in words.</summary>
    public string EndPoint { get; init; } = "";

    /// <summary>Gets the names of the macros that handlers take, by slot, as they go over the wire.</summary>
    public byte[][] MacroNames => field ??= [.. Descriptor.Macros.Select(WireText.GetBytes)];

    /// <summary>Gets what is known of handlers that block or suspend.</summary>
    public StageMemory Stages { get; init; } = new(TimeProvider.System);

    /// <summary>Gets who is told of what happens, for metrics and health.</summary>
    public SessionObserver Observer { get; init; } = new();

    /// <summary>Makes settings where nothing is shared with other milters: for a server of its own, and for tests.</summary>
    public static SessionSettings Of(MilterDescriptor descriptor, Func<IServiceProvider, IMilterDispatcher> create, IServiceProvider services, ILogger logger, MilterOptions options) => new()
    {
        Descriptor = descriptor,
        Create = create,
        Services = services,
        Logger = logger,
        Options = options,
        Limits = new ProcessLimits(options),
    };

    /// <summary>Gets these settings with other options, which the caller may change.</summary>
    public SessionSettings With(Action<MilterOptions> change)
    {
        MilterOptions options = Options.Clone();
        change(options);
        return this with { Options = options, Limits = new ProcessLimits(options) };
    }

    public MessageState NewMessage() => new(Descriptor, Options, Limits);
}
