namespace Milter.Policy;

/// <summary>What an access map says to do.</summary>
public enum AccessAction
{
    /// <summary><c>OK</c>: pass, whatever else would refuse.</summary>
    Ok,

    /// <summary><c>RELAY</c>: pass. (To a filter, the same as <c>OK</c>: the MTA decides about relaying.)</summary>
    Relay,

    /// <summary><c>REJECT</c>.</summary>
    Reject,

    /// <summary><c>DISCARD</c>.</summary>
    Discard,

    /// <summary><c>ERROR:…</c>, or a reply code with a text: refuse in these words.</summary>
    Error,

    /// <summary><c>QUARANTINE:…</c>: hold the message, which the filter does at its end.</summary>
    Quarantine,

    /// <summary>Anything else, which a filter of yours understands, as pymilter's <c>SPF-Fail:</c> entries have it.</summary>
    Other,
}

/// <summary>An entry of an access map.</summary>
/// <param name="Key">The key that was found.</param>
/// <param name="Value">Its value, as it stands in the file.</param>
/// <param name="Action">What it says to do.</param>
/// <param name="Verdict">The same as a verdict: Continue for what passes, is held, or is another word.</param>
/// <param name="Text">What follows <c>QUARANTINE:</c>; otherwise empty.</param>
public sealed record AccessEntry(string Key, string Value, AccessAction Action, Verdict Verdict, string Text);
