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

    /// <summary>Gets a value indicating whether a new HELO within a message is told before the ABORT of that message.</summary>
    internal abstract bool SaysHeloBeforeAbort { get; }

    /// <summary>Gets a value indicating whether unknown commands are told between a message and the next MAIL, too.</summary>
    internal abstract bool TellsUnknownAfterMessages { get; }

    /// <summary>Gets the macros to send before a command; <see langword="null"/> when no packet is sent at all.</summary>
    internal abstract string? MacroNames(MilterCommand command, MilterAgreement agreement);

    /// <summary>Says whether a macro that has a value is known at this moment.</summary>
    internal abstract bool Knows(string name, in MacroMoment moment);

    internal abstract string Software { get; }

    internal abstract string DaemonName(SmtpSession session);

    internal abstract string MailerOf(RefusedRecipient? refused);

    internal abstract string HostOf(MailPath path, SmtpSession session);

    internal abstract string AddressText(SmtpClientInfo client);

    internal abstract void WriteConnect(FrameBuffer output, SmtpSession session);

    internal virtual string Spell(MailPath path, MailOrigin origin) => $"<{path.Address}>";

    internal abstract SkipEffect OnSkip(MilterCommand step);

    internal abstract bool TakesProgress(MilterCommand step);

    /// <summary>Gets a value indicating whether DISCARD at CONNECT turns the filter off for the session.</summary>
    internal abstract bool DiscardEndsSession(MilterCommand step);

    /// <summary>Gets a value indicating whether a reply text that breaks the rules is replaced by the MTA's own words, instead of ending the connection.</summary>
    internal abstract bool ForgivesReplyTexts { get; }

    internal abstract bool SendsAbort(AbortReason reason, bool isOpen, MilterAgreement agreement, MailOrigin origin);

    /// <summary>Gets what the client is told.</summary>
    internal abstract SmtpReply Words(MilterVerdict verdict, MilterCommand step, SmtpReply? ofFilter, MailPath? path);

    internal abstract HeaderTable NewHeaders(MailTransaction transaction);

    internal abstract bool IsSameRecipient(string left, string right);
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

    /// <summary>The session ends.</summary>
    Quit,
}
