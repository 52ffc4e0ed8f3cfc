using Milter.Protocol;

namespace Milter.Session;

/// <summary>Everything that differs from step to step. A new step is one more row here.</summary>
/// <param name="Command">The command on the wire.</param>
/// <param name="Stage">The stage that handles it.</param>
/// <param name="NoReply">The flag that waives its reply; none at EOM, which always has one.</param>
/// <param name="OfMessage">Whether it belongs to a message.</param>
/// <param name="KeepsMacros">Whether its macros are kept for later steps; otherwise they end with it.</param>
internal sealed record StepInfo(MilterCommand Command, MilterStages Stage, ProtocolSteps NoReply, bool OfMessage, bool KeepsMacros = true)
{
    private static readonly StepInfo?[] s_byCommand = Index(
    [
        new(MilterCommand.Connect, MilterStages.Connect, ProtocolSteps.NoReplyConnect, OfMessage: false),
        new(MilterCommand.Helo, MilterStages.Helo, ProtocolSteps.NoReplyHelo, OfMessage: false),
        new(MilterCommand.Mail, MilterStages.Mail, ProtocolSteps.NoReplyMail, OfMessage: true),
        new(MilterCommand.Rcpt, MilterStages.Rcpt, ProtocolSteps.NoReplyRcpt, OfMessage: true),
        new(MilterCommand.Data, MilterStages.Data, ProtocolSteps.NoReplyData, OfMessage: true),
        new(MilterCommand.Header, MilterStages.Header, ProtocolSteps.NoReplyHeader, OfMessage: true, KeepsMacros: false),
        new(MilterCommand.EndOfHeaders, MilterStages.Eoh, ProtocolSteps.NoReplyEndOfHeaders, OfMessage: true),
        new(MilterCommand.Body, MilterStages.Body, ProtocolSteps.NoReplyBody, OfMessage: true, KeepsMacros: false),
        new(MilterCommand.EndOfMessage, MilterStages.Eom, ProtocolSteps.None, OfMessage: true),
        new(MilterCommand.Unknown, MilterStages.Unknown, ProtocolSteps.NoReplyUnknown, OfMessage: false, KeepsMacros: false),
    ]);

    /// <summary>Gets a value indicating whether it is a step of a message that has begun.</summary>
    public bool InMessage { get; } = OfMessage && Command != MilterCommand.Mail;

    /// <summary>Gets the bit of its command.</summary>
    public uint Bit { get; } = BitOf((byte)Command);

    /// <summary>Gets a bit for a command; none for a byte that is no command.</summary>
    public static uint BitOf(byte command) => (uint)(command - 'A') is < 32 and var place ? 1u << (int)place : 0;

    /// <summary>Finds the steps for which something holds, a bit each.</summary>
    public static uint BitsOf(Predicate<StepInfo> holds)
    {
        uint bits = 0;
        foreach (StepInfo? step in s_byCommand)
        {
            bits |= step is not null && holds(step) ? step.Bit : 0;
        }

        return bits;
    }

    /// <summary>Finds the step of a command, or <see langword="null"/> where the command is not a step.</summary>
    public static StepInfo? Of(MilterCommand command) => s_byCommand[(byte)command];

    private static StepInfo?[] Index(ReadOnlySpan<StepInfo> steps)
    {
        var byCommand = new StepInfo?[256];
        foreach (StepInfo step in steps)
        {
            byCommand[(byte)step.Command] = step;
        }

        return byCommand;
    }
}
