namespace Milter.Mta.Tests;

/// <summary>A message that a milter made the server quarantine.</summary>
/// <param name="queueId">The server's name for it.</param>
/// <param name="from">The envelope sender without angle brackets.</param>
/// <param name="recipients">The recipients without angle brackets.</param>
/// <param name="reason">Why, in the milter's words; null in Postfix, which keeps it nowhere.</param>
/// <param name="data">The content with LF line ends.</param>
public sealed class HeldMessage(string queueId, string from, IReadOnlyList<string> recipients, string? reason, byte[] data)
    : MessageContent(data)
{
    /// <summary>The server's name for it.</summary>
    public string QueueId { get; } = queueId;

    /// <summary>The envelope sender without angle brackets.</summary>
    public string From { get; } = from;

    /// <summary>The recipients without angle brackets.</summary>
    public IReadOnlyList<string> Recipients { get; } = recipients;

    /// <summary>Why, in the milter's words; null in Postfix, which keeps it nowhere.</summary>
    public string? Reason { get; } = reason;
}
