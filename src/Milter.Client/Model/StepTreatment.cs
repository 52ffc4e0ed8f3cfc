namespace Milter.Client;

/// <summary>How a step was dealt with.</summary>
public enum StepTreatment
{
    /// <summary>Sent, and its reply waited for.</summary>
    Replied,

    /// <summary>Sent; the filter has waived its reply.</summary>
    NoReply,

    /// <summary>Not sent: the filter does not want it.</summary>
    NotWanted,

    /// <summary>Not sent: an earlier verdict has ended the filter's part in the message or the session.</summary>
    Over,
}
