using Microsoft.Extensions.Logging;

namespace Milter.Testing;

/// <summary>Something that the engine or a filter's logger logged.</summary>
/// <param name="Level">How grave it is.</param>
/// <param name="EventId">The event's number; those of AttrMilter are 100 to 299.</param>
/// <param name="Message">The text.</param>
/// <param name="Exception">What was thrown, if anything.</param>
public sealed record TestLogEntry(LogLevel Level, int EventId, string Message, Exception? Exception)
{
    /// <summary>Says the entry in a line.</summary>
    /// <returns>Level, text, and the exception's message.</returns>
    public override string ToString() => $"{Level}: {Message}{(Exception is null ? "" : $" ({Exception.GetType().Name}: {Exception.Message})")}";
}
