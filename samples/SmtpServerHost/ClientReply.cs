using Milter.Client;

namespace Samples.SmtpServerHost;

/// <summary>What the client is told.</summary>
/// <param name="Words">The reply.</param>
/// <param name="ClosesSession">Whether the session ends with it: a filter's 421.</param>
internal sealed record ClientReply(SmtpReply Words, bool ClosesSession = false);
