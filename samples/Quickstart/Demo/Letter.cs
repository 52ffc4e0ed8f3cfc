using Milter;
using Milter.Client;

namespace Quickstart.Demo;

/// <summary>A message, how it comes to the MTA, and what is to become of it.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Session">The SMTP client and what the MTA knows of it.</param>
/// <param name="Message">Envelope, header and body.</param>
/// <param name="Expected">What is to become of it, in words.</param>
/// <param name="IsMet">Whether it did.</param>
internal sealed record Letter(string Title, SmtpSession Session, MailTransaction Message, string Expected, Func<MilterOutcome, bool> IsMet)
{
    /// <summary>Gets the subject as people read it.</summary>
    public static string? SubjectOf(MailTransaction message) => message.Content["Subject"] is { } subject ? EncodedWords.Decode(subject) : null;
}
