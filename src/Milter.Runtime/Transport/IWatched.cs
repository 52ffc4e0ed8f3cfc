namespace Milter.Transport;

/// <summary>What the clock looks at.</summary>
internal interface IWatched
{
    /// <summary>Gets a value indicating whether something is at work whose time may be spent.</summary>
    bool IsBusy { get; }

    /// <summary>Looks at the time: of the handler that runs, or of the MTA that is silent.</summary>
    /// <param name="now">The timestamp.</param>
    void Look(long now);

    /// <summary>A look has failed.</summary>
    /// <param name="exception">How.</param>
    void LookFailed(Exception exception);
}
