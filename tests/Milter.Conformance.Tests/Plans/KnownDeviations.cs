using System.Text.RegularExpressions;
using Milter.Protocol;

namespace Milter.Conformance.Tests.Plans;

/// <summary>
/// Knows the rows of tests/conformance/README.md in which libmilter and AttrMilter differ on purpose, as far as a plan's
/// contents can lead into them; <see cref="Mta.MtaModel"/> keeps the order of commands away from the others.
/// </summary>
internal static partial class KnownDeviations
{
    /// <summary>Gives the row that a plan would meet, or null.</summary>
    public static string? In(SessionPlan plan)
    {
        string all = string.Concat(plan.Moves.Where(move => move.Command != MilterCommand.Body).Select(move => move.Payload));
        return MixedClasses().IsMatch(all) ? "D12"
            : ControlInReply().IsMatch(all) ? "D13"
            : ForeignInReply().IsMatch(all) ? "D27"
            : plan.Moves.Any(move => IsKept(move.Command) && move.Macros?.Count(c => c == '\0') % 2 == 1) ? "D17"
            : IsLocal(plan) && all.Contains("@rcpt.probe.test", StringComparison.Ordinal) ? "D25"
            : null;
    }

    private static bool IsKept(MilterCommand command) => command is not (MilterCommand.Header or MilterCommand.Body or MilterCommand.Unknown);

    private static bool IsLocal(SessionPlan plan) => plan.Moves.Any(move => move.Command == MilterCommand.Connect && move.Payload.StartsWith("localhost\0", StringComparison.Ordinal));

    [GeneratedRegex(@"reply:(4\d\d:[25]|5\d\d:[24])\.")]
    private static partial Regex MixedClasses();

    [GeneratedRegex(@"reply:[45]\d\d:[^:\0]*:[^\0]*[\x80-\xff]")]
    private static partial Regex ForeignInReply();

    [GeneratedRegex(@"reply:[^\0]*[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]|reply:[^\0]*\xc2[\x80-\x9f]")]
    private static partial Regex ControlInReply();
}
