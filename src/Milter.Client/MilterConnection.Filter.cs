using Milter.Protocol;

namespace Milter.Client;

/// <content>Whole messages.</content>
public sealed partial class MilterConnection
{
    /// <summary>Tells a whole message, from MAIL to the end, within the session.</summary>
    /// <param name="message">The message with its envelope. It is left as it is.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What the filter made of it.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more; or the MTA would not take the message (<see cref="MilterClientError.Message"/>): Sendmail with a bare CR, or a header of more than 32,768 bytes.</exception>
    public async Task<MilterOutcome> FilterAsync(MailTransaction message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        MailTransaction passed = message.Clone();
        passed.Content = _mta.Receive(message.Content);
        passed.Recipients.Clear();
        StepReply reply = await MailAsync(passed, cancellationToken).ConfigureAwait(false);
        if (reply.IsRefusal)
        {
            return Outcome(message, passed, reply, [], [reply]);
        }

        var refused = new List<RefusedRecipient>();
        foreach (MailPath recipient in message.Recipients)
        {
            reply = await RcptAsync(recipient, cancellationToken).ConfigureAwait(false);
            if (reply.SmtpReply is { } words)
            {
                refused.Add(new RefusedRecipient(recipient, words));
            }
            else
            {
                passed.Recipients.Add(recipient);
            }
        }

        foreach (RefusedRecipient recipient in message.RefusedRecipients)
        {
            await RefusedRcptAsync(recipient, cancellationToken).ConfigureAwait(false);
        }

        bool nobodyIsLeft = passed.Recipients.Count == 0 && message.Recipients.Count + message.RefusedRecipients.Count > 0;
        if (!nobodyIsLeft)
        {
            reply = await DataAsync(cancellationToken).ConfigureAwait(false);
        }

        if (nobodyIsLeft || reply.IsRefusal)
        {
            StepReply[] steps = [.. _steps];
            await AbortAsync(cancellationToken).ConfigureAwait(false);
            return Outcome(message, passed, reply, refused, steps);
        }

        MilterOutcome outcome = await FilterContentAsync(cancellationToken).ConfigureAwait(false);
        return outcome with { Original = message, RefusedRecipients = refused };
    }

    /// <summary>Tells the content of the open message (<see cref="Message"/>) from the first header field to the end. The last step of a message.</summary>
    /// <remarks>
    /// Its <see cref="MailTransaction.Content"/> and <see cref="MailTransaction.Recipients"/> have to be set. Fields that the MTA takes away before filters see them
    /// (Postfix: Return-Path, Content-Length, Bcc, Resent-Bcc) are not told, and are not in the result. Content that breaks the rules is told as the MTA takes it: Postfix cuts lines
    /// of a field at a NUL and a field at 60,000 bytes, and a bare CR is a blank to it; Sendmail drops NULs.
    /// </remarks>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What the filter made of the message, all its steps included.</returns>
    /// <exception cref="InvalidOperationException">No message is open.</exception>
    /// <exception cref="MilterClientException">The filter can't be consulted any more; or the MTA would not take the message (<see cref="MilterClientError.Message"/>): Sendmail with a bare CR, or a header of more than 32,768 bytes.</exception>
    public async Task<MilterOutcome> FilterContentAsync(CancellationToken cancellationToken = default)
    {
        Need(Phase.Message, Phase.Message, "MailAsync, RcptAsync and DataAsync come first");
        MailTransaction original = _message!, message = original.Clone();
        message.Content = _mta.Receive(original.Content);
        foreach (MailHeader header in message.Content.Headers.Where(_mta.ShowsHeader))
        {
            await HeaderAsync(header, cancellationToken).ConfigureAwait(false);
        }

        await EndOfHeadersAsync(cancellationToken).ConfigureAwait(false);
        await BodyAsync(message.Content.Body, cancellationToken).ConfigureAwait(false);
        StepReply? decided = _messageEnd;
        StepReply end = await EndOfMessageAsync(cancellationToken).ConfigureAwait(false);
        StepReply[] steps = [.. _steps];
        return Outcome(original, message, decided ?? end, [], steps);
    }

    private MilterOutcome Outcome(MailTransaction original, MailTransaction passed, StepReply decided, IReadOnlyList<RefusedRecipient> refused, IReadOnlyList<StepReply> steps)
    {
        // A session refused or accepted earlier has decided this message, too.
        StepReply decision = decided.Treatment == StepTreatment.Over && _sessionEnd is { } earlier ? earlier : decided;
        return new MilterOutcome
        {
            Verdict = decision.Verdict,
            DecidedAt = decision.Step,
            Reply = decision.Reply,
            SmtpReply = decided.SmtpReply ?? _mta.Words(decision.Verdict, MilterCommand.EndOfMessage, null, null),
            Agreement = Agreement,
            Steps = steps,
            Modifications = decided.Modifications,
            Original = original,
            Result = passed.Apply(decided.Modifications, _mta),
            Complaints = [.. _complaints],
            RefusedRecipients = refused,
        };
    }
}
