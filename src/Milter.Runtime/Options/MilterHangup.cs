namespace Milter;

/// <summary>What SIGHUP does.</summary>
public enum MilterHangup
{
    /// <summary>Stops, as SIGTERM does: sessions end, then the process. The default, as with libmilter.</summary>
    Drain,

    /// <summary>Reads the configuration again; connections from then on have the new options, and those that are open go on with the old.</summary>
    Reload,
}
