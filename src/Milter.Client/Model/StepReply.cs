using Milter.Protocol;

namespace Milter.Client;

/// <summary>What came of one step.</summary>
public sealed record StepReply
{
    /// <summary>Gets the step.</summary>
    public required MilterCommand Step { get; init; }

    /// <summary>Gets what was sent, in short: an address, a header field's name, a number of bytes.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Gets how the step was dealt with.</summary>
    public StepTreatment Treatment { get; init; }

    /// <summary>Gets the verdict. For a step that was not sent or has no reply, the one that is in force: a session refused at CONNECT refuses every MAIL.</summary>
    public MilterVerdict Verdict { get; init; }

    /// <summary>Gets the filter's own words; <see langword="null"/> where it left them to the MTA.</summary>
    public SmtpReply? Reply { get; init; }

    /// <summary>Gets what the SMTP client is to be told when the filter refuses: the filter's words, or the MTA's. Otherwise <see langword="null"/>.</summary>
    public SmtpReply? SmtpReply { get; init; }

    /// <summary>Gets what the filter asked for at the end of the message, in its order; empty at all other steps.</summary>
    public IReadOnlyList<MilterModification> Modifications { get; init; } = [];

    /// <summary>Gets how many notices of progress came before the verdict.</summary>
    public int ProgressNotices { get; init; }

    /// <summary>Gets a value indicating whether the filter refuses, for now or for good.</summary>
    public bool IsRefusal => Verdict is MilterVerdict.Reject or MilterVerdict.TempFail;

    /// <summary>Gets a value indicating whether the SMTP session is to be closed: the filter said 421.</summary>
    public bool ClosesSession => Reply is { Code: 421 };

    /// <summary>Says the step in a line.</summary>
    /// <returns>Step, detail, and what came of it.</returns>
    public override string ToString()
    {
        string what = Treatment switch
        {
            StepTreatment.NotWanted => "not sent",
            StepTreatment.NoReply => "no reply",
            StepTreatment.Over when Verdict == MilterVerdict.Continue => "not asked",
            _ => Reply is null ? Verdict.ToString() : $"{Verdict} {Reply}",
        };
        return $"{StepTable.NameOf(Step)}{(Detail.Length == 0 ? "" : " " + Detail)}: {what}";
    }
}
