namespace Milter.Transport;

/// <summary>An MTA's connection, whatever carries it, as engine and watchdog see it.</summary>
internal interface IServedConnection
{
    /// <summary>Gets a value indicating whether handlers are at work that the watchdog has to look at.</summary>
    bool IsBusy { get; }

    /// <summary>Gets what completes when the connection is closed and the session's last handlers have run. Never faults.</summary>
    Task Ended { get; }

    /// <summary>Starts to serve the connection.</summary>
    void Start();

    /// <summary>Looks at the time: of the handler that runs, or of the MTA that is silent.</summary>
    void Watch();

    /// <summary>Ends the SMTP session at its next MAIL or RCPT with 421.</summary>
    void BeginDrain();

    /// <summary>Ends the connection as soon as no command is pending: now, if the MTA is silent.</summary>
    void EndWhenAnswered();

    /// <summary>Cuts the connection, since something in it has failed.</summary>
    /// <param name="e">What.</param>
    void Fail(Exception e);

    /// <summary>Fires the token of the handler that runs, and cuts the connection.</summary>
    void Abort();
}
