using System.Globalization;
using Milter.Protocol;

namespace Milter.Client;

/// <content>The steps in the order of SMTP, and what has to come before what.</content>
public sealed partial class MilterConnection
{
    private readonly List<string> _complaints = [];
    private SmtpSession? _session;
    private MailTransaction? _message;
    private Phase _phase;

    private enum Phase
    {
        /// <summary>No SMTP session.</summary>
        Idle,

        /// <summary>A session, and no message.</summary>
        Session,

        /// <summary>MAIL was told.</summary>
        Message,

        /// <summary>The header is being told.</summary>
        Header,

        /// <summary>The body is being told.</summary>
        Body,
    }

    /// <summary>Gets the message that is open; <see langword="null"/> between messages. Set its queue id, macros and content when they are known.</summary>
    public MailTransaction? Message => _message;

    /// <summary>Tells the client: begins an SMTP session.</summary>
    /// <param name="session">What is known of it; each step sends what it says then.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it. A refusal here is for every MAIL of the session: those say it again.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more.</exception>
    public Task<StepReply> ConnectAsync(SmtpSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        Need(Phase.Idle, Phase.Idle, "there is a session already; QuitAsync or RenewAsync ends it");
        _session = session;
        _phase = Phase.Session;
        return StepAsync(MilterCommand.Connect, session.Client.HostName ?? _mta.AddressText(session.Client), output => _mta.WriteConnect(output, session), null, cancellationToken);
    }

    /// <summary>Tells HELO or EHLO. A message that is open is given up by it, as in SMTP.</summary>
    /// <param name="name">What the client calls itself; <see langword="null"/> for <see cref="SmtpSession.HeloName"/>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it. MTAs let HELO pass and refuse MAIL: it says the refusal again.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more; or the name can't stand in an SMTP command (<see cref="MilterClientError.Message"/>).</exception>
    public async Task<StepReply> HeloAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        Need(Phase.Session, Phase.Body, "ConnectAsync comes first");
        CheckLine(MilterCommand.Helo, "name", name ?? _session!.HeloName ?? "");
        _session!.HeloName = name ?? _session.HeloName ?? "";
        bool givesUp = _phase > Phase.Session;
        if (givesUp && !_mta.SaysHeloBeforeAbort)
        {
            EndMessage(AbortReason.GivenUp);
        }

        if (_hasHelo && _mta.SaysHeloBeforeAbort && _session.Tls != _tlsOfHelo && _sessionEnd is null)
        {
            // STARTTLS makes Postfix forget the HELO before it.
            CommandWriter.Abort(_channel.Output);
            _hasHelo = false;
        }

        string helo = _session.HeloName;
        _isAfterMessage = false;
        StepReply reply = await StepAsync(MilterCommand.Helo, helo, output => CommandWriter.Helo(output, helo), null, cancellationToken).ConfigureAwait(false);
        if (givesUp && _mta.SaysHeloBeforeAbort)
        {
            EndMessage(AbortReason.GivenUp);
        }

        // Postfix also gives up what came with the HELO before, whether or not there was a message.
        if (_hasHelo && _mta.SaysHeloBeforeAbort && _sessionEnd is null)
        {
            CommandWriter.Abort(_channel.Output);
        }

        _hasHelo |= !reply.IsRefusal;
        _tlsOfHelo = _session.Tls;
        return reply;
    }

    /// <summary>Tells the sender: begins a message.</summary>
    /// <param name="message">What is known of the message: at least its sender. More may be set until the step that needs it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it. After a refusal there is no message.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more; or the sender can't stand in an SMTP command (<see cref="MilterClientError.Message"/>), and no message is open.</exception>
    public async Task<StepReply> MailAsync(MailTransaction message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        Need(Phase.Session, Phase.Session, _phase > Phase.Session ? "a message is open; AbortAsync gives it up" : "ConnectAsync comes first");
        CheckLine(MilterCommand.Mail, "sender", message.Sender.ToString());
        BeginMessage(message);
        MailPath sender = message.Sender;
        string address = _mta.Spell(sender, _session!.Origin);
        StepReply reply = await StepAsync(MilterCommand.Mail, sender.ToString(), output => CommandWriter.Mail(output, address, [.. sender.Arguments]), sender, cancellationToken).ConfigureAwait(false);
        if (reply.IsRefusal)
        {
            EndMessage(AbortReason.Verdict);
        }

        return reply;
    }

    /// <summary>Tells a recipient that the MTA takes.</summary>
    /// <param name="recipient">The recipient.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it. A refusal is for this recipient alone; add those that pass to <see cref="MailTransaction.Recipients"/>.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more; or the recipient can't stand in an SMTP command (<see cref="MilterClientError.Message"/>), and the message goes on without it.</exception>
    public Task<StepReply> RcptAsync(MailPath recipient, CancellationToken cancellationToken = default) => TellRcptAsync(recipient, null, cancellationToken);

    /// <summary>Tells a recipient that the MTA itself has refused, if the filter wants to know (<c>SMFIP_RCPT_REJ</c>).</summary>
    /// <param name="refused">The recipient and what the client was told.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it: nothing, usually.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more.</exception>
    public Task<StepReply> RefusedRcptAsync(RefusedRecipient refused, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(refused);
        return TellRcptAsync(refused.Path, refused, cancellationToken);
    }

    /// <summary>Tells DATA, before the content is received.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it. After a refusal the message can be given up, or go on with more recipients.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more.</exception>
    public Task<StepReply> DataAsync(CancellationToken cancellationToken = default)
    {
        Need(Phase.Message, Phase.Message, "MailAsync and RcptAsync come first");
        return StepAsync(MilterCommand.Data, "", CommandWriter.Data, null, cancellationToken);
    }

    /// <summary>Tells a header field, as the MTA takes it: see <see cref="FilterContentAsync"/>.</summary>
    /// <param name="header">The field.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more; or the field does not go into a packet (<see cref="MilterClientError.Message"/>).</exception>
    public Task<StepReply> HeaderAsync(MailHeader header, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(header);
        Need(Phase.Message, Phase.Header, "MailAsync comes first, and no field after EndOfHeadersAsync");
        _phase = Phase.Header;
        header = _mta.Receive(header);
        if (header.Name.Length + header.RawValue.Length > MilterLimits.MaxPayload / 3 && header.Name.Length + WireText.GetByteCount(header.RawValue) + 2 > Agreement.MaxPayload)
        {
            throw new MilterClientException(MilterClientError.Message, MilterCommand.Header, $"The header field {header.Name} has {WireText.GetByteCount(header.RawValue)} bytes; {Agreement.MaxPayload} go into a packet of the protocol, its name among them.");
        }

        string value = Agreement.KeepsLeadingSpace ? header.RawValue : header.Value;
        return StepAsync(MilterCommand.Header, header.Name, output => CommandWriter.Header(output, header.Name, value), null, cancellationToken);
    }

    /// <summary>Tells the end of the header.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more.</exception>
    public Task<StepReply> EndOfHeadersAsync(CancellationToken cancellationToken = default)
    {
        Need(Phase.Message, Phase.Header, "MailAsync comes first");
        _phase = Phase.Body;
        return StepAsync(MilterCommand.EndOfHeaders, "", CommandWriter.EndOfHeaders, null, cancellationToken);
    }

    /// <summary>Tells a part of the body, cut into chunks as agreed.</summary>
    /// <param name="bytes">Any number of bytes: lines ended by CR LF, dots not doubled. Empty sends nothing.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of the last chunk.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more.</exception>
    public async Task<StepReply> BodyAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        Need(Phase.Body, Phase.Body, "EndOfHeadersAsync comes first");
        var reply = new StepReply { Step = MilterCommand.Body, Treatment = StepTreatment.NotWanted };
        for (int start = 0; start < bytes.Length; start += Agreement.MaxPayload)
        {
            ReadOnlyMemory<byte> chunk = bytes[start..Math.Min(bytes.Length, start + Agreement.MaxPayload)];
            string detail = Counted.Of(chunk.Length, "byte");
            reply = await StepAsync(MilterCommand.Body, detail, output => CommandWriter.Body(output, chunk.Span, Agreement.MaxPayload), null, cancellationToken).ConfigureAwait(false);
        }

        return reply;
    }

    /// <summary>Tells the end of the message, and takes the filter's modifications and its last verdict.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it, with the modifications. The message is at its end.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more.</exception>
    public async Task<StepReply> EndOfMessageAsync(CancellationToken cancellationToken = default)
    {
        Need(Phase.Body, Phase.Body, "EndOfHeadersAsync comes first");
        StepReply reply = await StepAsync(MilterCommand.EndOfMessage, "", CommandWriter.EndOfMessage, null, cancellationToken).ConfigureAwait(false);
        EndMessage(AbortReason.Verdict);
        _endedByContinue = reply is { Treatment: StepTreatment.Replied, Verdict: MilterVerdict.Continue };
        return reply;
    }

    /// <summary>Gives up the message that is open: RSET, or a client that is gone. Without one, nothing happens.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>A task that ends when the filter is told.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more.</exception>
    public async Task AbortAsync(CancellationToken cancellationToken = default)
    {
        CheckUsable();
        if (_phase > Phase.Session)
        {
            EndMessage(AbortReason.GivenUp);
            await FlushAsync(MilterCommand.Abort, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tells an SMTP command that the MTA does not know.</summary>
    /// <param name="command">The line without its end.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it: a refusal takes the place of the MTA's own.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted any more; or the line has an end or a NUL in it (<see cref="MilterClientError.Message"/>).</exception>
    public Task<StepReply> UnknownAsync(string command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        Need(Phase.Session, Phase.Body, "ConnectAsync comes first");
        CheckLine(MilterCommand.Unknown, "command", command);
        return _isAfterMessage && !_mta.TellsUnknownAfterMessages
            ? Task.FromResult(Note(new StepReply { Step = MilterCommand.Unknown, Detail = command, Treatment = StepTreatment.Over }))
            : StepAsync(MilterCommand.Unknown, command, output => CommandWriter.Unknown(output, command), null, cancellationToken);
    }

    private async Task<StepReply> TellRcptAsync(MailPath recipient, RefusedRecipient? refused, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        Need(Phase.Message, Phase.Message, "MailAsync comes first, and no recipient after the content has begun");
        CheckLine(MilterCommand.Rcpt, "recipient", recipient.ToString());
        if (refused is not null && !Agreement.Has(ProtocolSteps.RejectedRecipients))
        {
            if (_mta.SendsMacrosOfRefused && _sessionEnd is null && _messageEnd is null)
            {
                _refused = refused;
                WriteMacros(MilterCommand.Rcpt, recipient);
                _refused = null;
            }

            return Note(new StepReply { Step = MilterCommand.Rcpt, Detail = recipient.ToString(), Treatment = StepTreatment.NotWanted });
        }

        if (_messageEnd is { Step: MilterCommand.Data, IsRefusal: true })
        {
            _messageEnd = null;
        }

        string address = _mta.Spell(recipient, _session!.Origin);
        _refused = refused;
        StepReply reply = await StepAsync(MilterCommand.Rcpt, recipient.ToString(), output => CommandWriter.Rcpt(output, address, [.. recipient.Arguments]), recipient, cancellation).ConfigureAwait(false);
        _refused = null;
        if (refused is null && !reply.IsRefusal)
        {
            _firstRecipient ??= recipient;
            _recipientsBefore++;
        }

        return reply;
    }

    /// <summary>What a client has written is the client's: it is refused as a message that no MTA takes, and the session goes on.</summary>
    private void CheckLine(MilterCommand step, string what, string text)
    {
        int at = text.AsSpan().IndexOfAny('\0', '\r', '\n');
        string? fault = at >= 0 ? $"has a {(text[at] == '\0' ? "NUL" : "line end")} at position {at}"
            : text.Length > MilterLimits.MaxPayload / 3 && WireText.GetByteCount(text) > Agreement.MaxPayload / 2 ? $"has {WireText.GetByteCount(text)} bytes"
            : null;
        if (fault is not null)
        {
            throw new MilterClientException(MilterClientError.Message, step, $"The {what} of {StepTable.NameOf(step)} {fault}, which no SMTP command can have: it was not told. Refuse it as your server refuses a syntax error (501).");
        }
    }

    private void Need(Phase least, Phase most, string rule)
    {
        CheckUsable();
        if (_phase < least || _phase > most)
        {
            throw new InvalidOperationException($"This step can't be told now: {rule}.");
        }
    }
}
