using Microsoft.Extensions.Logging;
using Milter.Listening;
using Milter.Session;

namespace Milter.Transport;

/// <summary>What one milter's engine needs to know. Made once from its options.</summary>
internal sealed class EngineSettings
{
    public required ListenSettings Listen { get; init; }

    /// <summary>Gets the settings of sessions. The endpoint and the observer are set by the engine.</summary>
    public required SessionSettings Session { get; init; }

    public required MilterHealth Health { get; init; }

    /// <summary>Gets who is told that the engine lives; nobody by default.</summary>
    public Heartbeat? Heartbeat { get; init; }

    /// <summary>Gets what ends the process, with a line, where a loop can't go on.</summary>
    public Action<string, Exception?> Die { get; init; } = Environment.FailFast;

    public MilterOptions Options => Session.Options;

    public ILogger Logger => Session.Logger;

    public TimeProvider Time => Session.Time;

    /// <summary>Gets a value indicating whether connections are served by loops of our own.</summary>
    public bool UsesLoops => Options.Transport != MilterTransport.Sockets && Options.GetSecurity() is null && OperatingSystem.IsLinux();
}
