namespace Milter.Client;

/// <summary>A recipient that the MTA itself has refused; filters that ask for it are told (<c>SMFIP_RCPT_REJ</c>).</summary>
/// <param name="Path">The recipient.</param>
/// <param name="Reply">What the client was told.</param>
public sealed record RefusedRecipient(MailPath Path, SmtpReply Reply);
