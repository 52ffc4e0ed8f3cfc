using Milter.Protocol;

namespace Milter.Client;

/// <summary>Whose rules an MTA follows where they differ: macros and when they are known, header positions, spellings, ABORT, patience.</summary>
/// <remarks>Taken from Postfix 3.7 and Sendmail 8.17 as they run. A server of its own takes <see cref="Postfix"/>: filters are used to it.</remarks>
public abstract class MtaPersonality
{
    private protected MtaPersonality(string name, MilterTimeouts timeouts)
    {
        Name = name;
        Timeouts = timeouts;
    }

    /// <summary>Gets Postfix.</summary>
    public static MtaPersonality Postfix { get; } = new PostfixPersonality();

    /// <summary>Gets Sendmail.</summary>
    public static MtaPersonality Sendmail { get; } = new SendmailPersonality();

    /// <summary>Gets both.</summary>
    public static IReadOnlyList<MtaPersonality> Both { get; } = [Postfix, Sendmail];

    /// <summary>Gets the MTA's name.</summary>
    public string Name { get; }

    /// <summary>Gets how long the MTA waits by default.</summary>
    public MilterTimeouts Timeouts { get; }

    /// <summary>Gets the macros that are sent at a stage when the filter asks for none, separated by spaces.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>Their names; empty when none are sent.</returns>
    public abstract string DefaultMacros(MacroStage stage);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal abstract bool RefusesUnofferedSteps { get; }

    /// <summary>Gets a value indicating whether a new HELO is told before the ABORT of an open message, and is itself followed by an ABORT.</summary>
    internal abstract bool SaysHeloBeforeAbort { get; }

    /// <summary>Gets a value indicating whether the macros of a recipient that the MTA refuses are sent to filters that are not told of it.</summary>
    internal abstract bool SendsMacrosOfRefused { get; }

    /// <summary>Gets a value indicating whether unknown commands are told between a message and the next MAIL, too.</summary>
    internal abstract bool TellsUnknownAfterMessages { get; }

    /// <summary>Gets the macros to send before a command; <see langword="null"/> when no packet is sent at all.</summary>
    internal abstract string? MacroNames(MilterCommand command, MilterAgreement agreement);

    /// <summary>Says whether macros are sent before a step that the filter does not want.</summary>
    internal abstract bool SendsMacrosOfUnwanted(MilterCommand command);

    /// <summary>Gets the name under which a macro is looked up: without braces.</summary>
    internal virtual string MacroKey(string name) => name.Length > 2 && name[0] == '{' && name[^1] == '}' ? name[1..^1] : name;

    /// <summary>Says whether a macro that has a value is known at this moment.</summary>
    internal abstract bool Knows(string name, in MacroMoment moment);

    internal abstract string Software { get; }

    internal abstract string DaemonName(SmtpSession session);

    internal abstract string MailerOf(MailPath? path, RefusedRecipient? refused);

    internal abstract string HostOf(MailPath path, SmtpSession session);

    /// <summary>Gets the queue id of a message, or of none yet.</summary>
    internal virtual string? QueueIdOf(SmtpSession session, MailTransaction? message) => message?.QueueId;

    /// <summary>Gets an address as the MTA keeps and delivers it, whatever the client's spelling.</summary>
    internal abstract string Kept(MailPath path);

    /// <summary>Says whether a recipient is the one that a filter wants removed.</summary>
    internal virtual bool Finds(MailPath removed, MailPath recipient) => Kept(removed) == Kept(recipient);

    /// <summary>Gets an address as macros have it.</summary>
    internal virtual string MacroAddress(MailPath path, SmtpSession session) => Kept(path);

    /// <summary>Gets what stands for the address of a recipient that the MTA refuses.</summary>
    internal abstract string MacroAddress(RefusedRecipient refused);

    internal abstract string AddressText(SmtpClientInfo client);

    /// <summary>Gets a name of a certificate as <c>{cert_subject}</c> and <c>{cert_issuer}</c> have it; <see langword="null"/> for no macro at all.</summary>
    /// <param name="tls">The session's encryption.</param>
    /// <param name="name">A common name; <see langword="null"/> where the client has shown no certificate.</param>
    internal abstract string? CertificateName(SmtpTls tls, string? name);

    /// <summary>Gets a macro of certificates that one MTA alone has.</summary>
    internal virtual string? OfCertificate(SmtpTls tls, string macro) => null;

    /// <summary>Gets a name of a login as macros have it.</summary>
    internal virtual string LoginName(string name) => name;

    /// <summary>Gets the client's address as <c>{client_addr}</c> has it.</summary>
    internal virtual string MacroClientAddress(SmtpClientInfo client) => AddressText(client);

    /// <summary>Gets a macro that a program on the MTA's machine has otherwise than a client of the network.</summary>
    internal virtual string? OfLocalSession(string name) => null;

    internal abstract void WriteConnect(FrameBuffer output, SmtpSession session);

    internal virtual string Spell(MailPath path, MailOrigin origin) => $"<{path.Text}>";

    internal abstract SkipEffect OnSkip(MilterCommand step);

    internal abstract bool TakesProgress(MilterCommand step);

    /// <summary>Gets a value indicating whether DISCARD at CONNECT turns the filter off for the session.</summary>
    internal abstract bool DiscardEndsSession(MilterCommand step);

    /// <summary>Gets a value indicating whether a reply text that breaks the rules is replaced by the MTA's own words, instead of ending the connection.</summary>
    internal abstract bool ForgivesReplyTexts { get; }

    /// <summary>Says what makes the MTA take a reply for broken that the protocol allows; <see langword="null"/> where nothing does.</summary>
    /// <param name="payload">The payload of <c>SMFIR_REPLYCODE</c>, which is well formed.</param>
    internal virtual string? FindFault(ReadOnlySpan<byte> payload) => null;

    internal abstract bool SendsAbort(AbortReason reason, bool isOpen, MilterAgreement agreement, MailOrigin origin);

    /// <summary>Gets what the client is told.</summary>
    internal abstract SmtpReply Words(MilterVerdict verdict, MilterCommand step, SmtpReply? ofFilter, MailPath? path);

    internal abstract HeaderTable NewHeaders(MailTransaction transaction);

    /// <summary>Says whether a field of the client's is shown to filters and delivered.</summary>
    internal abstract bool ShowsHeader(MailHeader header);

    /// <summary>Gets a field as the MTA takes it from its client.</summary>
    internal abstract MailHeader Receive(MailHeader header);

    /// <summary>Gets a body as the MTA takes it from its client.</summary>
    internal abstract ReadOnlyMemory<byte> Receive(ReadOnlyMemory<byte> body);

    /// <summary>Says why the MTA would not take a content; <see langword="null"/> where it does.</summary>
    internal abstract string? FindFault(MailContent content);

    /// <summary>Gets a content as the MTA takes it from its client.</summary>
    /// <exception cref="MilterClientException">It would not take it.</exception>
    internal MailContent Receive(MailContent content) => FindFault(content) is { } fault
        ? throw new MilterClientException(MilterClientError.Message, MilterCommand.Header, $"{Name} would refuse the message before its filters see it: {fault}.")
        : new MailContent(content.Headers.Select(Receive), Receive(content.Body));

    /// <summary>Gets the arguments of a sender whom the filter has changed.</summary>
    internal abstract IReadOnlyList<string> ChangeArguments(IReadOnlyList<string> old, IReadOnlyList<string> ofFilter);

    /// <summary>Says whether one recipient is the other once more: it gets the message once.</summary>
    internal abstract bool IsDuplicate(MailPath left, MailPath right);

    /// <summary>Gets a value indicating whether a recipient that the filter adds may be one of the client's.</summary>
    internal abstract bool AddsOnlyNewRecipients { get; }
}

/// <summary>What SKIP means to an MTA at a step.</summary>
internal enum SkipEffect
{
    /// <summary>No more steps of this kind until another one comes.</summary>
    ThisKind,

    /// <summary>No more body.</summary>
    Body,

    /// <summary>The same as CONTINUE.</summary>
    Continue,

    /// <summary>The filter is asked no more in this session.</summary>
    Session,

    /// <summary>Taken for nonsense.</summary>
    Error,
}

/// <summary>Why a message is at its end.</summary>
internal enum AbortReason
{
    /// <summary>The filter's last verdict was given.</summary>
    Verdict,

    /// <summary>The client or the MTA gave it up.</summary>
    GivenUp,

    /// <summary>The session ends within a message.</summary>
    Left,

    /// <summary>The session ends.</summary>
    Quit,
}
