namespace Milter;

/// <summary>What to do where the MTA does not offer an action that the filter requires.</summary>
public enum MissingCapability
{
    /// <summary>Agree on the rest and refuse each message for now at MAIL, so that nothing passes unfiltered and nothing is lost. The default.</summary>
    TempFail,

    /// <summary>Close the connection; the MTA's own policy for an unreachable filter decides.</summary>
    Close,

    /// <summary>Filter all the same; edits that were not agreed are left out and logged.</summary>
    Degrade,
}
