namespace Milter.Testing;

/// <summary>What of the mail a recording keeps. The rest is written so that its shape stays: letters as <c>x</c>, digits as <c>0</c>, bodies as a number of bytes.</summary>
[Flags]
public enum RecordingParts
{
    /// <summary>Nothing: names of header fields, macros and commands alone, and what the filter answers to the client.</summary>
    None = 0,

    /// <summary>The bodies, as sent and as replaced.</summary>
    Body = 1,

    /// <summary>The values of header fields, as sent and as changed.</summary>
    HeaderValues = 2,

    /// <summary>The client, the addresses of the envelope, and the macros that tell them.</summary>
    Envelope = 4,

    /// <summary>Everything.</summary>
    All = 7,
}
