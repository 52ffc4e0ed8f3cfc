using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Asks for macros that MTAs do not send by themselves, and tells which have come by which stage.</summary>
[Milter]
public sealed partial class MacroFilter(Journal journal)
{
    [OnConnect]
    private void Connect([Macro("{client_addr}")] string? address, [Macro("{client_port}")] string? port, MilterContext context) =>
        journal.Add($"connect {address} port={port is { Length: > 0 }} defaults={context.GetMacro("j")},{context.GetMacro("{daemon_name}") is not null}");

    [OnMail]
    private void Mail([Macro("i")] string? queueId, [Macro("{auth_authen}")] string? user, [Macro("{mail_addr}")] string? from) =>
        journal.Add($"mail id={queueId is not null} user={user ?? "-"} {from}");

    [OnRcpt]
    private void Rcpt([Macro("i")] string? queueId, [Macro("{rcpt_addr}")] string? to, [Macro("{rcpt_mailer}")] ReadOnlySpan<byte> mailer) =>
        journal.Add($"rcpt id={queueId is not null} {to} mailer={mailer.Length > 0}");

    [OnData]
    private void Data([Macro("{i}")] string? queueId) => journal.Add($"data id={queueId is not null}");

    [OnEom]
    private void End([Macro("{client_addr}")] string? address, [Macro("{mail_addr}")] string? from, [Macro("i")] string? queueId, MilterContext context) =>
        journal.Add($"eom {address} {from} id={queueId is not null && queueId == context.QueueId} authenticated={context.IsAuthenticated} msg_id={context.GetMacro("{msg_id}") is not null}");
}
