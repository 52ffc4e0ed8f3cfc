using Milter.Protocol;

namespace Milter.Client;

/// <summary>Everything that differs from step to step, as the MTA sees it.</summary>
/// <param name="Command">The command on the wire.</param>
/// <param name="Name">Its name in people's mouths.</param>
/// <param name="NotWanted">The flag by which a filter has it left out.</param>
/// <param name="NoReply">The flag by which a filter waives its reply.</param>
/// <param name="MinVersion">The version of the protocol from which on it exists.</param>
/// <param name="IsContent">Whether the patience for content holds (HEADER to EOM).</param>
internal sealed record StepRow(MilterCommand Command, string Name, ProtocolSteps NotWanted, ProtocolSteps NoReply, uint MinVersion, bool IsContent);

/// <summary>The steps. A new one is one more row.</summary>
internal static class StepTable
{
    private static readonly StepRow[] s_rows =
    [
        new(MilterCommand.Connect, "CONNECT", ProtocolSteps.NoConnect, ProtocolSteps.NoReplyConnect, 2, false),
        new(MilterCommand.Helo, "HELO", ProtocolSteps.NoHelo, ProtocolSteps.NoReplyHelo, 2, false),
        new(MilterCommand.Mail, "MAIL", ProtocolSteps.NoMail, ProtocolSteps.NoReplyMail, 2, false),
        new(MilterCommand.Rcpt, "RCPT", ProtocolSteps.NoRcpt, ProtocolSteps.NoReplyRcpt, 2, false),
        new(MilterCommand.Data, "DATA", ProtocolSteps.NoData, ProtocolSteps.NoReplyData, 4, false),
        new(MilterCommand.Header, "HEADER", ProtocolSteps.NoHeaders, ProtocolSteps.NoReplyHeader, 2, true),
        new(MilterCommand.EndOfHeaders, "EOH", ProtocolSteps.NoEndOfHeaders, ProtocolSteps.NoReplyEndOfHeaders, 2, true),
        new(MilterCommand.Body, "BODY", ProtocolSteps.NoBody, ProtocolSteps.NoReplyBody, 2, true),
        new(MilterCommand.EndOfMessage, "EOM", ProtocolSteps.None, ProtocolSteps.None, 2, true),
        new(MilterCommand.Unknown, "UNKNOWN", ProtocolSteps.NoUnknown, ProtocolSteps.NoReplyUnknown, 3, false),
    ];

    public static StepRow Of(MilterCommand command) => s_rows.First(row => row.Command == command);

    public static string NameOf(MilterCommand command) => s_rows.FirstOrDefault(row => row.Command == command)?.Name ?? command.ToString().ToUpperInvariant();

    /// <summary>Gets the steps that a filter may waive.</summary>
    public static IEnumerable<StepRow> Waivable => s_rows.Where(row => row.NotWanted != 0);
}
