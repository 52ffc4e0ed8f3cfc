using Milter.CompilerServices;

namespace Milter.Runtime.Tests.Session.Properties;

/// <summary>What a handler does.</summary>
internal enum Deed
{
    Continue,
    Accept,
    Reject,
    RejectInWords,
    TempFail,
    CloseInWords,
    Discard,
    Skip,
    SkipMine,
    Throw,
    Edit,
    LateContinue,
    LateReject,
    LateDiscard,
    LateThrow,
}

internal static class DeedExtensions
{
    /// <summary>Does it.</summary>
    public static ValueTask<Verdict> DoAsync(this Deed deed, MilterStages stage, StepContext step) => deed switch
    {
        Deed.Accept => new(Verdict.Accept),
        Deed.Reject => new(Verdict.Reject()),
        Deed.RejectInWords => new(Verdict.Reject(554, "5.7.7", "No", "and no again")),
        Deed.TempFail => new(Verdict.TempFail()),
        Deed.CloseInWords => new(Verdict.TempFail(421, "4.3.2", "Bye")),
        Deed.Discard => new(Verdict.Discard),
        Deed.Skip => new(Verdict.Skip),
        Deed.SkipMine => new(SkipMine(stage, step)),
        Deed.Throw => throw new InvalidOperationException("A handler of the test throws."),
        Deed.Edit => new(Edit(stage, step)),
        Deed.LateContinue => LateAsync(Verdict.Continue),
        Deed.LateReject => LateAsync(Verdict.Reject()),
        Deed.LateDiscard => LateAsync(Verdict.Discard),
        Deed.LateThrow => LateAsync(null),
        _ => default,
    };

    private static Verdict SkipMine(MilterStages stage, StepContext step)
    {
        if (stage == MilterStages.Body)
        {
            step.MarkSkipped(0);
        }

        return stage == MilterStages.Body ? step.SkipWhenAllHave() : Verdict.Continue;
    }

    private static Verdict Edit(MilterStages stage, StepContext step)
    {
        if (stage == MilterStages.Eom)
        {
            step.HeaderAdderIfOffered?.Add("X-Seen", "yes");
            step.BodyEditorIfOffered?.Replace("new\r\n"u8);
        }

        return Verdict.Continue;
    }

    private static async ValueTask<Verdict> LateAsync(Verdict? verdict)
    {
        await Task.Yield();
        return verdict ?? throw new InvalidOperationException("A handler of the test throws late.");
    }
}
