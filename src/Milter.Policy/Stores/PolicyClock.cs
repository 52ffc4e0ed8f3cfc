namespace Milter.Policy;

/// <summary>Whose clock a store goes by.</summary>
public enum PolicyClock
{
    /// <summary>The store's own where it has one, which all hosts share: PostgreSQL, Redis. In memory and SQLite it is this host's.</summary>
    Store,

    /// <summary>This process's <see cref="TimeProvider"/>: for tests, and where the store's clock is not to be trusted. Hosts then need clocks that agree.</summary>
    Caller,
}
