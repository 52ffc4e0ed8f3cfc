namespace Milter.Testing;

/// <summary>Where the MTA shuts its writing side, for <see cref="MilterTestHost{T}.HalfCloseAsync"/>.</summary>
public enum HalfClose
{
    /// <summary>In the middle of a packet of the message.</summary>
    InPacket,

    /// <summary>Between two packets of the message, after its first and before EOM.</summary>
    InMessage,

    /// <summary>After EOM, before the reply to it was read. The filter may still answer.</summary>
    AfterEndOfMessage,
}
