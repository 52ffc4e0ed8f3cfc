using Milter.Protocol;

namespace Milter.Client;

/// <summary>What a filter made of a message.</summary>
public sealed record MilterOutcome
{
    /// <summary>Gets the verdict. <see cref="MilterVerdict.Continue"/> and <see cref="MilterVerdict.Accept"/> let the message pass.</summary>
    public required MilterVerdict Verdict { get; init; }

    /// <summary>Gets the step that decided: EOM, or an earlier one.</summary>
    public required MilterCommand DecidedAt { get; init; }

    /// <summary>Gets the filter's own words; <see langword="null"/> where it left them to the MTA.</summary>
    public SmtpReply? Reply { get; init; }

    /// <summary>Gets what the SMTP client is to be told.</summary>
    public required SmtpReply SmtpReply { get; init; }

    /// <summary>Gets what the filter and the MTA have agreed on, for this connection.</summary>
    public required MilterAgreement Agreement { get; init; }

    /// <summary>Gets the steps of the message in order.</summary>
    public required IReadOnlyList<StepReply> Steps { get; init; }

    /// <summary>Gets what the filter asked for at the end of the message, in its order.</summary>
    public IReadOnlyList<MilterModification> Modifications { get; init; } = [];

    /// <summary>Gets the message as it came.</summary>
    public required MailTransaction Original { get; init; }

    /// <summary>Gets the message as it is after the filter: envelope and content. Of no use unless <see cref="IsDelivered"/>.</summary>
    public required MailTransaction Result { get; init; }

    /// <summary>Gets what the filter has done that it should not have, in words. The MTA has gone on all the same.</summary>
    public IReadOnlyList<string> Complaints { get; init; } = [];

    /// <summary>Gets the recipients that the filter has refused, with what the client is told.</summary>
    public IReadOnlyList<RefusedRecipient> RefusedRecipients { get; init; } = [];

    /// <summary>Gets a value indicating whether the message passes; it may be held then.</summary>
    public bool IsDelivered => Verdict is MilterVerdict.Continue or MilterVerdict.Accept;

    /// <summary>Gets the reason for which the message is held; <see langword="null"/> when it is not.</summary>
    public string? QuarantineReason => Result.QuarantineReason;

    /// <summary>Gets how many times the MTA has waited for the filter.</summary>
    public int Waits => Steps.Count(step => step.Treatment == StepTreatment.Replied);

    /// <summary>Says the outcome in a line.</summary>
    /// <returns>Verdict, step, reply and the number of modifications.</returns>
    public override string ToString() =>
        $"{Verdict} at {StepTable.NameOf(DecidedAt)}{(Reply is null ? "" : " " + Reply)}{(Modifications.Count == 0 ? "" : $", {Counted.Of(Modifications.Count, "modification")}")}";
}
