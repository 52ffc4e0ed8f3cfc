using Milter.Limits;
using Milter.Protocol;
using Milter.Telemetry;

namespace Milter;

/// <summary>How a milter is doing, for health checks and readiness probes. Every member may be read from any thread.</summary>
/// <remarks>
/// <c>AddMilter</c> registers one for each milter: take <c>IEnumerable&lt;MilterHealth&gt;</c>. A readiness probe of the process asks <see cref="IsHealthy"/>;
/// a liveness probe should not, since a missing action is the MTA's configuration and no restart mends it.
/// </remarks>
public sealed class MilterHealth
{
    private volatile MilterState _state;
    private volatile MilterEndPoint? _endPoint;
    private long _missing;
    private int _connections;
    private long _messages;
    private long _refused;
    private ProcessLimits? _limits;

    internal MilterHealth(string name) => Name = name;

    /// <summary>Gets the milter's name.</summary>
    public string Name { get; }

    /// <summary>Gets what its server is at.</summary>
    public MilterState State => _state;

    /// <summary>Gets where it listens, with the real port; <see langword="null"/> before it does.</summary>
    public MilterEndPoint? EndPoint => _endPoint;

    /// <summary>Gets how many connections of MTAs are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Gets how many messages have ended, however they did.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Gets how many of <see cref="Messages"/> were refused, for good or for now, by the filter or in its place.</summary>
    public long MessagesRefused => Volatile.Read(ref _refused);

    /// <summary>Gets the actions that the filter requires and that the MTA did not offer when a connection was last negotiated (<c>SMFIF_*</c>).</summary>
    /// <value>No flags when all was offered, and before the first connection.</value>
    public MilterActions MissingActions => (MilterActions)Volatile.Read(ref _missing);

    /// <summary>Gets how many handlers have not returned although their time was up, of all milters that share <see cref="MilterOptions.MaxLateHandlers"/>.</summary>
    public int LateHandlers => _limits?.Late.Count ?? 0;

    /// <summary>Gets a value indicating whether the filter is not asked at present, because too many of its handlers do not return: each message gets <see cref="MilterOptions.OnExpiry"/> at once.</summary>
    public bool IsOverwhelmed => _limits?.Late.IsFull ?? false;

    /// <summary>Gets a value indicating whether the milter listens, has been offered all that it requires, and is asked.</summary>
    public bool IsHealthy => State == MilterState.Listening && MissingActions == 0 && !IsOverwhelmed;

    /// <summary>Says the state in a line.</summary>
    /// <returns>Name, state, endpoint, connections, and what is missing.</returns>
    public override string ToString()
    {
        string missing = MissingActions == 0 ? "" : $", the MTA does not offer {MissingActions}";
        string late = LateHandlers == 0 ? "" : $", {LateHandlers} handlers do not return";
        return $"{Name}: {State}{(EndPoint is { } end ? $" on {end}" : "")}, {Connections} connections{late}{missing}";
    }

    /// <summary>Says how it goes, for a service manager's line of status.</summary>
    internal string ToStatus() => $"{this}, {Messages} messages, {MessagesRefused} refused";

    internal void MessageEnded(MessageOutcome outcome)
    {
        Interlocked.Increment(ref _messages);
        if (outcome == MessageOutcome.Refused)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    internal void Listens(MilterEndPoint endPoint, ProcessLimits limits)
    {
        _limits = limits;
        _endPoint = endPoint;
        _state = MilterState.Listening;
        MilterMetrics.Started(this, limits);
    }

    internal void Hidden() => _state = MilterState.Starting;

    internal void Drains() => _state = MilterState.Draining;

    internal void Stopped()
    {
        _state = MilterState.Stopped;
        MilterMetrics.Stopped(this);
    }

    internal int ConnectionOpened() => Interlocked.Increment(ref _connections);

    internal void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    internal void Negotiated(MilterActions missing) => Volatile.Write(ref _missing, (long)missing);
}
