using Milter.Generators.Model;
using Milter.Generators.Tests.Infrastructure;
using Milter.Protocol;
using MacroStage = Milter.Protocol.MacroStage;
using MilterActions = Milter.Protocol.MilterActions;

namespace Milter.Generators.Tests;

/// <summary>Which macros are asked for where. A list replaces what the MTA would have sent, so it has to name that again.</summary>
public sealed class SymbolListTests
{
    private const string Connect = "j _ v {daemon_name} {daemon_addr} {if_name} {if_addr}";
    private const string Helo = "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer} {tls_sni}";
    private const string Mail = "i {auth_type} {auth_authen} {auth_author} {auth_ssf} {mail_addr} {mail_host} {mail_mailer}";
    private const string Rcpt = "i {rcpt_addr} {rcpt_host} {rcpt_mailer}";

    public static TheoryData<string, string> Lists => new()
    {
        { "[OnEom] void E() {}", "" },
        { "[OnEom] void E([Macro(\"j\")] string? a) {}", "Connect: " + Connect },
        { "[OnEom] void E([Macro(\"{client_resolve}\")] string? a) {}", $"Connect: {Connect} {{client_resolve}}" },
        { "[OnRcpt] void E([Macro(\"{tls_version}\")] string? a) {}", "Helo: " + Helo },
        { "[OnConnect] void E([Macro(\"{verify}\")] string? a) {}", $"Helo: {Helo} {{verify}}" },
        { "[OnMail] void E(TlsInfo? a) {}", $"Helo: {Helo} {{verify}}" },
        { "[OnEom] void E([Macro(\"auth_type\")] string? a) {}", "Mail: " + Mail },
        { "[OnEom] void E([Macro(\"{rcpt_addr}\")] string? a) {}", "Rcpt: " + Rcpt },
        { "[OnRejectedRcpt] void E() {}", "Rcpt: " + Rcpt },
        { "[OnEom] void E([Macro(\"{i}\")] string? a) {}", "Data: i" },
        { "[OnEom] void E([Macro(\"{msg_id}\")] string? a) {}", "EndOfMessage: i {msg_id}; EndOfHeaders: i {msg_id}" },
        { "[OnMail] void E([Macro(\"{xx}\")] string? a) {}", $"Mail: {Mail} {{xx}}" },
        { "[OnHeader] void E([Macro(\"{xx}\")] string? a) {}", "EndOfMessage: i {msg_id} {xx}; EndOfHeaders: i {msg_id} {xx}" },
        { "[OnBody] void E([Macro(\"{xx}\")] string? a) {}", "EndOfMessage: i {msg_id} {xx}; EndOfHeaders: i {msg_id} {xx}" },
        { "[OnUnknown] void E([Macro(\"{xx}\")] string? a) {}", $"Helo: {Helo} {{xx}}" },
        { "[OnClose] void E([Macro(\"{xx}\")] string? a) {}", $"Helo: {Helo} {{xx}}" },
        { "[OnAbort] void E([Macro(\"{xx}\")] string? a) {}", $"Mail: {Mail} {{xx}}" },
        { "[OnMail] void E([Macro(\"{xx}\")] string? a) {} [OnRcpt] void F([Macro(\"{xx}\")] string? a, [Macro(\"x\")] string? b) {}", $"Mail: {Mail} {{xx}}; Rcpt: {Rcpt} {{xx}} x" },
        { "[OnEoh] void E([Macro(\"{xx}\")] string? a) {} [OnEom] void F([Macro(\"{yy}\")] string? a) {}", "EndOfMessage: i {msg_id} {xx} {yy}; EndOfHeaders: i {msg_id} {xx} {yy}" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void Names_the_defaults_of_both_mtas_and_what_is_wanted(string members, string lists)
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, $"[Milter] partial class Filter {{ {members} }}");

        MilterDescriptor descriptor = milters.Descriptor("Filter");

        Assert.Equal(lists, string.Join("; ", descriptor.SymbolLists.Select(list => $"{list.Stage}: {list.Names}")));
        Assert.Equal(descriptor.SymbolLists.OrderBy(list => list.Stage), descriptor.SymbolLists);
        Assert.Equal(lists.Length > 0, descriptor.WantedActions.HasFlag(MilterActions.SetSymbolList));
    }

    [Fact]
    public void Slots_are_shared_by_all_who_take_the_same_macro_or_header()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, """
            [Milter]
            partial class Filter
            {
                [OnMail] void Mail([Macro("i")] string? id, [Macro("{mail_addr}")] string? sender) { }
                [OnEoh] void Headers([Header("To")] string? to) { }
                [OnEom] void End([Macro("{i}")] string? id, [Header("Subject", Decoded = true)] string? subject, [Header("TO")] ReadOnlySpan<byte> to) { }
            }
            """);

        MilterDescriptor descriptor = milters.Descriptor("Filter");

        Assert.Equal(["i", "{mail_addr}"], descriptor.Macros);
        Assert.Equal(["To", "Subject"], descriptor.CollectedHeaders);
    }

    [Fact]
    public void The_table_of_macros_is_in_order()
    {
        Assert.Equal(MacroInfo.All.Select(macro => macro.Name).Distinct(), MacroInfo.All.Select(macro => macro.Name));
        Assert.All(MacroInfo.All, macro =>
        {
            Assert.Equal(macro.Name, MacroInfo.Canonical(macro.Name));
            Assert.Equal(macro.LivesForMessage, (MacroStage)macro.Asked >= MacroStage.Mail);
            Assert.True(macro.Postfix.CanSend || macro.Sendmail.CanSend);
        });
    }
}
