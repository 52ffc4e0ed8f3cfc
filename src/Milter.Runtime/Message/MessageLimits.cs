namespace Milter.Message;

/// <summary>How much of a message's header and envelope is collected: more is refused, so that no message can take all memory.</summary>
/// <param name="HeaderFields">The most header fields.</param>
/// <param name="HeaderBytes">The most bytes of names and values together.</param>
/// <param name="Recipients">The most recipients.</param>
internal sealed record MessageLimits(int HeaderFields, int HeaderBytes, int Recipients)
{
    public static MessageLimits Default { get; } = new(10_000, 4 * 1024 * 1024, 50_000);
}
