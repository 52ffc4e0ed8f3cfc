using Microsoft.Extensions.Logging;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>What one milter's engine needs to know. Made once from its options.</summary>
internal sealed class EngineSettings
{
    public required ListenSettings Listen { get; init; }

    /// <summary>Gets the settings of sessions. The endpoint and the observer are set by the engine.</summary>
    public required SessionSettings Session { get; init; }

    public required MilterHealth Health { get; init; }

    /// <summary>Gets how many connections are served at a time; those beyond are told 421 at MAIL. 0 for no limit.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Gets how long a connection may be silent, or refuse to take what we write.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(7210);

    /// <summary>Gets how long sessions have to end by themselves at a stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets a value indicating whether connections are served by loops of our own. Linux only.</summary>
    public bool UsesEpoll { get; init; }

    /// <summary>Gets how many loops there are; 0 for one a processor, eight at most.</summary>
    public int LoopThreads { get; init; }

    public ILogger Logger => Session.Logger;

    public TimeProvider Time => Session.Time;
}
