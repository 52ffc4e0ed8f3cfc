using Microsoft.Extensions.Logging;

namespace Milter.Mime.Binding;

/// <summary>What the binders say.</summary>
internal static partial class MimeLog
{
    /// <summary>Gets the log of the host, if there is one.</summary>
    public static ILogger? Of(MessageBindingContext context) => ((ILoggerFactory?)context.Services.GetService(typeof(ILoggerFactory)))?.CreateLogger("Milter.Mime");

    [LoggerMessage(500, LogLevel.Warning, "Message {QueueId}: {What} It is {Answer}.")]
    public static partial void TooLarge(ILogger log, string? queueId, string what, string answer);

    [LoggerMessage(501, LogLevel.Information, "Message {QueueId}: it was edited, which breaks its DKIM signatures {Signatures}.")]
    public static partial void BreaksSignatures(ILogger log, string? queueId, string signatures);

    [LoggerMessage(502, LogLevel.Error, "Message {QueueId}: {What} It is put off.")]
    public static partial void CannotEdit(ILogger log, string? queueId, string what);
}
